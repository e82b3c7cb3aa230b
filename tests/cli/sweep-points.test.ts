import { describe, expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import { prepareStudy } from '../../cli/prepare-study.js';
import { prepareGroups, sweepGroups } from '../../cli/sweep-points.js';
import { ConfigError } from '../../config/errors.js';
import { loadConfig } from '../../config/load.js';
import { createMemoryStore } from '../support/memory-store.js';

const groupsOf = (...settings: string[]) => sweepGroups(loadConfig({ preset: 'smoke', settings }));

describe('sweepGroups', () => {
  test('makes one point of each combination, with label, id and what it overrides', () => {
    const [group, ...others] = groupsOf('ppo.epochs=1,2', 'ppo.klCoefficient=0.1,0.2');
    expect(others).toEqual([]);
    expect(group!.points).toHaveLength(4);
    expect(group!.points[3]).toEqual({
      epochs: 2,
      seed: 0,
      label: 'epochs=2 seed=0 klCoefficient=0.2',
      id: 'ppo-2-seed-0-klCoefficient-0.2',
      overrides: { 'ppo.epochs': 2, 'ppo.klCoefficient': 0.2 },
    });
  });

  test('overrides nothing where nothing is swept', () => {
    const [group] = groupsOf('ppo.epochs=3');
    expect(group!.points).toEqual([
      { epochs: 3, seed: 0, label: 'epochs=3 seed=0', id: 'ppo-3-seed-0', overrides: {} },
    ]);
  });

  test('groups points by what is read before PPO', () => {
    const groups = groupsOf('ppo.epochs=1,2', 'finetune.learningRate=1e-3,2e-3', 'seed=0,1');
    expect(groups.map(({ overrides, points }) => [overrides, points.length])).toEqual([
      [{ 'finetune.learningRate': 0.001 }, 4],
      [{ 'finetune.learningRate': 0.002 }, 4],
    ]);
    expect(groups[1]!.points[0]!.label).toBe('epochs=1 seed=0 learningRate=0.002');
  });

  test('names a setting by as much of its path as tells it from the others', () => {
    const [group] = groupsOf('ppo.learningRate=1e-4,2e-4', 'finetune.learningRate=1e-3,2e-3', 'finetune.epochs=1,2');
    expect(group!.points[0]!.label).toBe(
      'epochs=1 seed=0 finetune.epochs=1 finetune.learningRate=0.001 ppo.learningRate=0.0001',
    );
  });

  test('gives ids that differ and suit file names and workflow ids, whatever the values are', () => {
    const points = groupsOf('model.source=hf://a/b,hf://a_b').flatMap((group) => group.points);
    expect(new Set(points.map(({ id }) => id)).size).toBe(points.length);
    for (const { id } of points) expect(id).toMatch(/^[A-Za-z0-9._-]{1,100}$/);
  });

  test('calls files by the ends of their paths, and reads them by the whole', () => {
    const groups = groupsOf('ppo.epochs=1', 'data.prompts=/a/my prompts.yaml,/a/b.yaml');
    expect(groups.map(({ settings }) => settings)).toEqual([
      { 'data.prompts': '/a/my prompts.yaml' },
      { 'data.prompts': '/a/b.yaml' },
    ]);
    expect(groups.map(({ overrides }) => overrides)).toEqual([
      { 'data.prompts': 'my prompts.yaml' },
      { 'data.prompts': 'b.yaml' },
    ]);
    // Spaces part the settings of a label.
    expect(groups[0]!.points[0]!.label).toBe('epochs=1 seed=0 prompts=my%20prompts.yaml');
    expect(JSON.stringify(groups.map(({ points }) => points))).not.toContain('/a/');
  });

  test('writes a list in brackets, so that no two lists share a label or an id', () => {
    const points = groupsOf('biasEval.stopTokens=[[], ["."], [".", "!"], [".+!"], ["a b,c=d"]]').flatMap(
      (group) => group.points,
    );
    const own = points.filter(({ epochs, seed }) => epochs === points[0]!.epochs && seed === points[0]!.seed);
    expect(own.map(({ label }) => label.replace(/^epochs=\d+ seed=\d+ /, ''))).toEqual([
      'stopTokens=[]',
      'stopTokens=[.]',
      'stopTokens=[.+!]',
      'stopTokens=[.%2B!]',
      'stopTokens=[a%20b%2Cc%3Dd]',
    ]);
    expect(own[2]!.overrides).toMatchObject({ 'biasEval.stopTokens': ['.', '!'] });
    expect(new Set(points.map(({ id }) => id)).size).toBe(points.length);
    for (const { id } of points) expect(id).toMatch(/^[A-Za-z0-9._-]{1,100}$/);
  });

  test('calls files and measures in a list by the ends of their paths', () => {
    const measure = (source: string) => `{name: words, kind: lexicon, source: ${source}}`;
    const groups = groupsOf(
      'ppo.epochs=1',
      `biasEval.measures=[[${measure('/a/x/words.txt')}], [${measure('/a/y/words.txt')}]]`,
      'crawl.source={kind: files, files: [[/a/one.jsonl, /a/two.jsonl], [/a/one.jsonl]]}',
    );
    expect(groups.map(({ label }) => label)).toEqual([
      'files=[one.jsonl+two.jsonl] measures=[words:lexicon:x/words.txt]',
      'files=[one.jsonl+two.jsonl] measures=[words:lexicon:y/words.txt]',
      'files=[one.jsonl] measures=[words:lexicon:x/words.txt]',
      'files=[one.jsonl] measures=[words:lexicon:y/words.txt]',
    ]);
    expect(groups[0]!.settings).toMatchObject({ 'crawl.source.files': ['/a/one.jsonl', '/a/two.jsonl'] });
    expect(JSON.stringify(groups.map(({ points, overrides }) => ({ points, overrides })))).not.toContain('/a/');
  });

  test('refuses more points than anybody means', () => {
    expect(() => groupsOf('ppo.epochs=1..100', 'seed=0..99')).toThrow(ConfigError);
    expect(() => groupsOf('crawl.source.seed=1..61')).toThrow(
      'at most 60 combinations of what is read before PPO, got 61',
    );
  });
});

describe('prepareGroups', () => {
  const berts = ['kobert', 'sentiment'].map((name) =>
    fileURLToPath(new URL(`./model-folders/${name}`, import.meta.url)),
  );
  const prepared = async (...settings: string[]) => {
    const store = createMemoryStore();
    const config = loadConfig({ preset: 'smoke', settings });
    const groups = await prepareGroups(config, (own) =>
      prepareStudy(store, own, (source) => Promise.reject(new Error(source))),
    );
    return { store, groups };
  };

  test.each(['reward', 'sentiment'] as const)(
    'gives each group the BERT of its own that %s.source names',
    async (stage) => {
      const { groups } = await prepared(`${stage}.source=${berts.join(',')}`);
      const starts = groups.map(({ study }) => study[`${stage}Start`]?.sha256);
      expect(starts.every((sha256) => sha256 !== undefined)).toBe(true);
      expect(new Set(starts).size).toBe(2);
      expect(groups.map(({ label }) => label)).toEqual(['source=kobert', 'source=sentiment']);
    },
  );

  test('keeps paths of this machine out of what a study is', async () => {
    const { store, groups } = await prepared(`reward.source=${berts.join(',')}`);
    for (const { study } of groups)
      expect(Buffer.from(await store.getBlob(study.config)).toString()).not.toContain('model-folders');
  });

  test('gives each group the source of its own', async () => {
    const { store, groups } = await prepared('crawl.source.bias=none,planted');
    const sources = await Promise.all(
      groups.map(
        async ({ study }) => JSON.parse(Buffer.from(await store.getBlob(study.config)).toString()).crawl.source.bias,
      ),
    );
    expect(sources).toEqual(['none', 'planted']);
  });
});

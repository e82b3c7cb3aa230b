import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.js';
import { parseRange } from '../../config/override.js';
import { isPpoSetting } from '../../config/sweep.js';

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'debias-sweep-')), 'study.yaml');
  writeFileSync(file, `extends: smoke\nname: mine\n${text}`);
  return file;
}

const load = (...settings: string[]) => loadConfig({ preset: 'smoke', settings });

describe('loadConfig', () => {
  test('takes several values of any single setting for a sweep, the first one standing in its place', () => {
    const { sweep, ppo } = load('ppo.klCoefficient=0.05,0.1', 'ppo.profile=trl-classic,ziegler-2019');
    expect(sweep).toEqual({ 'ppo.klCoefficient': [0.05, 0.1], 'ppo.profile': ['trl-classic', 'ziegler-2019'] });
    expect([ppo.klCoefficient, ppo.profile]).toEqual([0.05, 'trl-classic']);
  });

  test('leaves lists where the schema has them', () => {
    const { sweep, seed, ppo } = load('seed=0..2', 'ppo.epochs=1,3');
    expect([sweep, seed, ppo.epochs]).toEqual([{}, [0, 1, 2], [1, 3]]);
  });

  test('takes several sources, files and languages', () => {
    const { sweep, data } = load('crawl.source.bias=none,planted', 'data.prompts=a.yaml,b/a.yaml', 'language=ko,en');
    const [first, second] = ['a.yaml', 'b/a.yaml'].map((file) => resolve(file));
    expect(sweep).toEqual({
      language: ['ko', 'en'],
      'data.prompts': [first, second],
      'crawl.source.bias': ['none', 'planted'],
    });
    expect(data.prompts).toBe(first);
  });

  test('reaches into what depends on a kind', () => {
    const { sweep } = load('ppo.klControl.kind=schulman', 'ppo.klControl.target=3,6');
    expect(sweep).toEqual({ 'ppo.klControl.target': [3, 6] });
  });

  test('takes a list of lists for a setting that is a list itself, in its place or under sweep', () => {
    const { sweep, biasEval } = load('biasEval.stopTokens=[[], [.], [".", "!"], [.]]');
    expect(sweep).toEqual({ 'biasEval.stopTokens': [[], ['.'], ['.', '!']] });
    expect(biasEval.stopTokens).toEqual([]);
    const file = fileWith('sweep:\n  biasEval.stopTokens: [[.], []]\n');
    expect(loadConfig({ file }).sweep).toEqual({ 'biasEval.stopTokens': [['.'], []] });
    expect(loadConfig({ file, settings: ['biasEval.stopTokens=a,b'] })).toMatchObject({
      sweep: {},
      biasEval: { stopTokens: ['a', 'b'] },
    });
  });

  test('takes a list with a single list for that list', () => {
    expect(load('biasEval.stopTokens=[[., a]]')).toMatchObject({ sweep: {}, biasEval: { stopTokens: ['.', 'a'] } });
  });

  test('takes lists of measures and of files, read from where they are named', () => {
    const words = { name: 'words', kind: 'lexicon', source: 'words.txt' };
    const { sweep } = load(
      `biasEval.measures=[[${JSON.stringify(words)}], []]`,
      'crawl.source={kind: files, files: [[a.jsonl, b.jsonl], [c.jsonl]]}',
    );
    expect(sweep).toEqual({
      'biasEval.measures': [[{ ...words, source: resolve('words.txt') }], []],
      'crawl.source.files': [[resolve('a.jsonl'), resolve('b.jsonl')], [resolve('c.jsonl')]],
    });
  });

  test.each([
    ['[".", "!"]', '[".","!"]', '[["."],["!"]]'],
    ['[".", ["!"]]', '[".",["!"]]', '[["."],["!"]]'],
    ['"."', '"."', '[["."]]'],
  ])('says what to write where a setting that is a list itself is swept by %s', (values, got, instead) => {
    const file = fileWith(`sweep:\n  biasEval.stopTokens: ${values}\n`);
    expect(() => loadConfig({ file })).toThrow(
      `biasEval.stopTokens: expected a list of lists, one for each point, as the setting is a list itself, got ${got}; write ${instead}`,
    );
  });

  test('reads a sweep from the study file, as lists in their places or under sweep', () => {
    const file = fileWith('ppo:\n  clip: [0.1, 0.2]\nsweep:\n  ppo.epochs: 1..3\n  ppo.lambda: 0.9..1:0.05\n');
    const { sweep, ppo } = loadConfig({ file });
    expect(ppo.epochs).toEqual([1, 2, 3]);
    expect(sweep).toEqual({ 'ppo.clip': [0.1, 0.2], 'ppo.lambda': [0.9, 0.95, 1] });
    expect(loadConfig({ file, settings: ['ppo.lambda=0.5'] }).sweep).toEqual({ 'ppo.clip': [0.1, 0.2] });
  });

  test('reads back what it resolved to', () => {
    const resolved = load('ppo.klCoefficient=0.05,0.1', 'biasEval.stopTokens=[[.], []]');
    const { sweep, ...rest } = resolved;
    const file = fileWith('').replace('study.yaml', 'again.yaml');
    writeFileSync(file, JSON.stringify({ ...rest, sweep }));
    expect(loadConfig({ file })).toEqual(resolved);
  });

  test.each([
    ['compute.threads=1,2', 'compute.threads: cannot be swept'],
    ['data.map=a.yaml,b.yaml', 'data.map: cannot be swept, as it is read by the report alone'],
    ['crawl.requestsPerSecond=1,2', 'says how texts are fetched, not which'],
    ['crawl.source.bias=none,some', 'crawl.source.bias'],
    ['sentiment.learningCurve=[[0.1], [0.5]]', 'sentiment.learningCurve: cannot be swept'],
    ['biasEval.stopTokens=[[.], [""]]', '(at biasEval.stopTokens=[""])'],
    ['sweep.ppo.clip=0.1,0.2', '-S sweep: expected the setting itself'],
    ['ppo.epochs=[[1], [2]]', 'ppo.epochs.0'],
    ['ppo.klCoefficient=[[0.1], [0.2]]', 'ppo.klCoefficient: Invalid input: expected number'],
    ['ppo.klCoefficient=0.1,-1', '(at ppo.klCoefficient=-1)'],
    ['ppo.klCoeficient=0.1,0.2', 'did you mean "ppo.klCoefficient"'],
  ])('says what is wrong with -S %s', (setting, problem) => {
    expect(() => load(setting)).toThrow(problem);
  });

  test('says the line of a wrong value under sweep', () => {
    const file = fileWith('sweep:\n  ppo.lambda: [0.9, 2]\n');
    expect(() => loadConfig({ file })).toThrow(`(${file}:4)`);
    const lists = fileWith('sweep:\n  biasEval.stopTokens: [[.], [""]]\n');
    expect(() => loadConfig({ file: lists })).toThrow(`(${lists}:4)`);
  });
});

describe('parseRange', () => {
  test.each([
    ['1..3', [1, 2, 3]],
    ['-1..1', [-1, 0, 1]],
    ['0.1..0.5:0.1', [0.1, 0.2, 0.3, 0.4, 0.5]],
    ['1e-5..3e-5:1e-5', [1e-5, 2e-5, 3e-5]],
    ['../folder', undefined],
    ['hf://a/b', undefined],
  ])('reads %s', (text, values) => expect(parseRange(text)).toEqual(values));

  test.each(['3..1', '0.1..0.5', '0..1:0', '0..9999'])('refuses %s', (text) => {
    expect(() => parseRange(text)).toThrow(RangeError);
  });
});

describe('isPpoSetting', () => {
  test.each([
    ['ppo.klCoefficient', true],
    ['seed', true],
    ['finetune.epochs', false],
  ])('knows whether PPO alone reads %s', (path, own) => expect(isPpoSetting(path)).toBe(own));
});

import { describe, expect, test } from 'vitest';
import type { BiasEvalJobResult, MeasuredSentence } from '../../../activities/model-jobs/bias-eval.js';
import { centredOn } from '../../../activities/model-jobs/centred-study.js';
import { compareJob, type ComparedGroup, type Comparison } from '../../../activities/model-jobs/compare.js';
import { getJson, putJson, putLines } from '../../../activities/blobs.js';
import type { Store } from '../../../core/checkpoint/index.js';
import { createMemoryStore } from '../../support/memory-store.js';

const settings = { seed: 1, bootstrapSamples: 50 };
const rewards = { mean: 0, median: 0, notNegative: 0.5 };

/** Three keywords, `apart` from one another in score, four sentences each. */
async function measured(store: Store, apart: number, keywords = ['하나', '둘', '셋']): Promise<BiasEvalJobResult> {
  const sentences = keywords.flatMap((keyword, k) =>
    [0, 1, 2, 3].map((repetition): MeasuredSentence => ({
      keyword,
      group: 'all',
      promptIndex: 0,
      repetition,
      prompt: keyword,
      text: keyword,
      score: 0.5 + apart * (k - 1) + 0.01 * repetition,
    })),
  );
  const ref = await putLines(store, sentences);
  return { sentences: ref, generalSentences: ref, quality: { generalPerplexity: 20, distinct2: 0.7 }, rewards };
}

/** A group of one point; distances before and after, and a digest of how both were measured. */
async function groupOf(
  store: Store,
  label: string,
  {
    before,
    after,
    measuredWith = 'same',
    keywords,
  }: { before: number; after: number; measuredWith?: string; keywords?: string[] },
): Promise<ComparedGroup> {
  const point = { epochs: 1, seed: 0, label: `epochs=1 seed=0 ${label}`, id: label, overrides: { label } };
  return {
    label,
    overrides: { label },
    measuredWith,
    baselineRewards: rewards,
    baseline: await measured(store, before, keywords),
    planted: await putJson(
      store,
      Object.fromEntries((keywords ?? ['하나', '둘', '셋']).map((word, i) => [word, i / 4 + before])),
    ),
    members: [
      {
        point,
        health: [],
        bias: await measured(store, after, keywords),
      },
    ],
  };
}

async function compared(store: Store, groups: readonly ComparedGroup[]): Promise<Comparison> {
  const { comparison } = await compareJob({ groups, settings }, { store, progress: () => {}, log: () => {} });
  return getJson<Comparison>(store, comparison);
}

describe('compareJob', () => {
  test('tells a sweep from the group of the recommended point, each point with its own baseline and truth', async () => {
    const store = createMemoryStore();
    const groups = [
      await groupOf(store, 'rate=1', { before: 0.2, after: 0.1 }),
      await groupOf(store, 'rate=2', { before: 0.15, after: 0.05 }),
    ];
    const { baseline, points, differences, groups: told } = await compared(store, groups);
    // Of three keywords `apart` from one another the mean distance is 4/3 of it.
    expect(baseline.distance.all).toBeCloseTo((4 / 3) * 0.15, 6);
    expect(points.map(({ group, ownBaseline }) => [group, ownBaseline?.distance.all?.toFixed(4)])).toEqual([
      ['rate=1', ((4 / 3) * 0.2).toFixed(4)],
      ['rate=2', undefined],
    ]);
    expect(points.map(({ change }) => change?.all?.reduction.toFixed(3))).toEqual(['0.500', '0.667']);
    expect(told?.map(({ label, measured: name }) => [label, name])).toEqual([
      ['rate=1', ''],
      ['rate=2', ''],
    ]);
    expect(told?.map((group) => group.baseline.keywords[0]?.planted)).toEqual([0.2, 0.15]);
    expect(new Set(differences.flatMap(({ a, b }) => [a, b]))).toEqual(
      new Set(['baseline', 'baseline rate=1', 'epochs=1 seed=0 rate=1', 'epochs=1 seed=0 rate=2']),
    );
  });

  test('takes no difference across ways of measuring, and recommends of the first way', async () => {
    const store = createMemoryStore();
    const groups = [
      await groupOf(store, 'n=1', { before: 0.2, after: 0.1, measuredWith: 'a' }),
      await groupOf(store, 'n=2', { before: 0.1, after: 0.01, measuredWith: 'b', keywords: ['넷', '다섯', '여섯'] }),
    ];
    const { baseline, differences, groups: told } = await compared(store, groups);
    expect(baseline.distance.all).toBeCloseTo((4 / 3) * 0.2, 6);
    expect(told?.map(({ measured: name }) => name)).toEqual(['n=1', 'n=2']);
    expect(differences.map(({ a, b }) => [a, b])).toEqual([
      ['baseline', 'epochs=1 seed=0 n=1'],
      ['baseline n=2', 'epochs=1 seed=0 n=2'],
    ]);
  });

  test('has no groups where all points share a model', async () => {
    const store = createMemoryStore();
    const { groups, points } = await compared(store, [await groupOf(store, '', { before: 0.2, after: 0.1 })]);
    expect(groups).toBeUndefined();
    expect(points[0]).not.toHaveProperty('ownBaseline');
  });
});

describe('centredOn', () => {
  type Told = Parameters<typeof centredOn>[0];
  // What stages made is handed on as it is; names stand for it.
  const group = (name: string) => ({ label: name, overrides: { name } });
  const told = {
    study: 'study a',
    made: {
      crawl: 'crawl a',
      members: ['point a'],
      missing: ['lost'],
      group: group('a'),
      others: ['b', 'c'].map((name) => ({
        ...group(name),
        study: `study ${name}`,
        upstream: { crawl: `crawl ${name}` },
        members: [`point ${name}`],
      })),
    },
  } as unknown as Told;

  test('puts a group first, with all that was made for it', () => {
    expect(centredOn(told, 'c')).toMatchObject({
      study: 'study c',
      made: {
        crawl: 'crawl c',
        members: ['point c'],
        missing: ['lost'],
        group: group('c'),
        others: [
          {
            ...group('a'),
            study: 'study a',
            upstream: { crawl: 'crawl a' },
            members: ['point a'],
          },
          {
            ...group('b'),
            study: 'study b',
          },
        ],
      },
    });
  });

  test('leaves what is told from it already', () => {
    expect(centredOn(told, 'a')).toBe(told);
    expect(centredOn(told, undefined)).toBe(told);
  });
});

import { describe, expect, it } from 'vitest';
import { compareBias, measureBias } from '../../../core/bias/index.js';
import { simulate } from './simulated.js';

const truth = Array.from({ length: 20 }, (_, i) => 0.05 + (0.9 * i) / 19);
const planted = Object.fromEntries(truth.map((positive, k) => [`k${k}`, 1 - positive]));

describe('measureBias', () => {
  const sentences = [...simulate({ truth, seed: 1 }), ...simulate({ truth: [0.4, 0.6], group: 'h', seed: 2 })];
  const result = measureBias({ sentences, seed: 1, planted, replicates: 200 });

  it('measures every keyword of every group, with its interval and the planted share', () => {
    expect(result.keywords).toHaveLength(22);
    for (const { n, score, interval, planted: share } of result.keywords) {
      expect(n).toBe(10);
      expect(interval[0]).toBeLessThanOrEqual(score + 1e-12);
      expect(interval[1]).toBeGreaterThanOrEqual(score - 1e-12);
      expect(share).toBeTypeOf('number');
    }
  });

  it('states the distance of each group with its floor', () => {
    expect(Object.keys(result.distance)).toEqual(['g', 'h']);
    const { value, floor, aboveFloor, pValue } = result.distanceDetail['g']!;
    expect(value).toBe(result.distance['g']);
    expect(aboveFloor).toBeCloseTo(value - floor, 12);
    expect(pValue).toBeLessThan(0.05);
  });

  it('correlates positively when scores follow the planted truth', () => {
    const { spearman, kendall } = measureBias({
      sentences: simulate({ truth, seed: 1 }),
      seed: 1,
      planted,
    }).rankCorrelation!;
    expect(spearman).toBeGreaterThan(0.7);
    expect(kendall).toBeGreaterThan(0.5);
  });

  it('leaves out the truth where it is not known', () => {
    const bare = measureBias({ sentences, seed: 1, replicates: 20 });
    expect(bare.rankCorrelation).toBeUndefined();
    expect(bare.keywords[0]).not.toHaveProperty('planted');
  });
});

describe('compareBias', () => {
  it('gives a reduction by group, and none for a single keyword', () => {
    const before = [...simulate({ truth, seed: 1 }), ...simulate({ truth: [0.5], group: 'one', seed: 3 })];
    const after = [
      ...simulate({ truth: truth.map(() => 0.5), seed: 4 }),
      ...simulate({ truth: [0.5], group: 'one', seed: 5 }),
    ];
    const change = compareBias(before, after, { seed: 1, replicates: 100 });
    expect(change['g']!.reduction).toBeGreaterThan(0.2);
    expect(change['g']!.shift.pValue).toBeGreaterThan(0.05);
    expect(change['one']).toMatchObject({ reduction: 0, excludesZero: false, pValue: 1 });
    expect(change['one']).not.toHaveProperty('interval');
  });
});

import { describe, expect, it } from 'vitest';
import { noImprovement } from '../../../core/report/improvement.js';
import { chooseBest, type BiasResult, type PpoResult } from '../../../core/report/index.js';

const result = (distance: number, generalPerplexity = 20): BiasResult => ({
  keywords: [],
  distance: { a: distance },
  quality: { generalPerplexity, distinct2: 0.7 },
});
const point = (epochs: number, distance: number, more: Partial<PpoResult> = {}): PpoResult => ({
  ...result(distance),
  epochs,
  seed: 0,
  ...more,
});
const baseline = result(0.043);
const sentenceOf = (...points: PpoResult[]) =>
  noImprovement({ bias: { baseline } }, points, chooseBest(baseline, points));

describe('noImprovement', () => {
  it('says nothing where the chosen point is closer than before', () => {
    expect(sentenceOf(point(1, 0.04), point(2, 0.127))).toBeUndefined();
    expect(sentenceOf()).toBeUndefined();
  });

  it('says so where no point is', () => {
    expect(sentenceOf(point(1, 0.2), point(2, 0.127))).toBe(
      'No point improved on the model before PPO (mean distance 0.043 before, 0.127 after at the closest).',
    );
  });

  it('says so where only a point that lost its writing is', () => {
    expect(
      sentenceOf(point(1, 0.127), { ...point(2, 0.01), quality: { generalPerplexity: 90, distinct2: 0.7 } }),
    ).toMatch(/^This point did not improve .*lost their writing/);
  });

  it('sets a point beside the model that it started from', () => {
    const { distance, quality } = result(0.5);
    expect(sentenceOf(point(1, 0.4, { ownBaseline: { distance, quality } }))).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { chooseBest, type BiasResult, type PpoResult } from '../../../core/report/index.js';

const result = (distance: number, generalPerplexity: number): BiasResult => ({
  keywords: [],
  reward: { mean: 0, median: 0, notNegative: 0.5 },
  distance: { a: distance, b: distance },
  quality: { generalPerplexity, distinct2: 0.7 },
});
const point = (epochs: number, distance: number, perplexity: number, seed = 0): PpoResult => ({
  ...result(distance, perplexity),
  epochs,
  seed,
});
const baseline = result(0.3, 20);

describe('chooseBest', () => {
  it('takes the lowest distance among points that kept perplexity within 10 %', () => {
    const best = chooseBest(baseline, [point(1, 0.2, 21), point(2, 0.1, 22), point(3, 0.01, 22.1)]);
    expect(best).toMatchObject({ epochs: 2, seed: 0, qualityKept: true });
  });

  it('takes the lowest distance of all, and says so, when none kept it', () => {
    expect(chooseBest(baseline, [point(1, 0.2, 30), point(2, 0.1, 60)])).toMatchObject({
      epochs: 2,
      qualityKept: false,
    });
  });

  it('breaks ties by fewer epochs, then the lower seed, whatever the order', () => {
    const points = [point(2, 0.1, 20), point(1, 0.1, 20, 3), point(1, 0.1, 20, 2)];
    expect(chooseBest(baseline, points)).toMatchObject({ epochs: 1, seed: 2 });
  });

  it('is null without points', () => {
    expect(chooseBest(baseline, [])).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import {
  bootstrapMeans,
  distanceInterval,
  groupMeanInterval,
  groupScores,
  meanIntervals,
  meanPairwiseDistance,
} from '../../../core/bias/index.js';
import { meansOf } from '../../../core/bias/cells.js';
import { simulate } from './simulated.js';

const truth = [0.1, 0.3, 0.5, 0.7, 0.85, 0.6];
/** Expected score of `simulate`: 0.8 p + the mean of the prompts' 0 and 0.1. */
const expected = truth.map((p) => 0.8 * p + 0.05);
const layoutOf = (seed: number) => groupScores(simulate({ truth, repetitions: 15, seed }), 'g');

describe('bootstrapMeans', () => {
  it('has the variance of the stratified mean, s²/n', () => {
    const layout = groupScores(simulate({ truth: [0.5], repetitions: 5, seed: 3 }), 'g');
    const draws = bootstrapMeans(layout, 1, 20_000, 's').map((means) => means[0]!);
    const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    const cells = [layout.scores.slice(0, 5), layout.scores.slice(5)];
    const wanted = cells.reduce((sum, cell) => {
      const m = cell.reduce((a, b) => a + b, 0) / 5;
      return sum + (cell.reduce((a, b) => a + (b - m) ** 2, 0) / 4 / 5) * 0.25;
    }, 0);
    expect(variance / wanted).toBeGreaterThan(0.96);
    expect(variance / wanted).toBeLessThan(1.04);
  });

  it('repeats from its seed and differs between streams', () => {
    expect(bootstrapMeans(layoutOf(1), 4, 3, 'a')).toEqual(bootstrapMeans(layoutOf(1), 4, 3, 'a'));
    expect(bootstrapMeans(layoutOf(1), 4, 3, 'a')).not.toEqual(bootstrapMeans(layoutOf(1), 4, 3, 'b'));
  });

  it('takes a keyword with single-sentence cells as a whole', () => {
    const layout = groupScores(simulate({ truth: [0.5], prompts: 8, repetitions: 1, seed: 2 }), 'g');
    const [low, high] = meanIntervals(bootstrapMeans(layout, 1, 200, 's'))[0]!;
    expect(low).toBeLessThan(high);
  });
});

describe('meanIntervals', () => {
  it('cover the true means about as often as they say', () => {
    const runs = 100;
    let covered = 0;
    for (let seed = 0; seed < runs; seed++) {
      meanIntervals(bootstrapMeans(layoutOf(seed), seed, 300, 's')).forEach(([low, high], k) => {
        if (low <= expected[k]! && expected[k]! <= high) covered++;
      });
    }
    // 30 sentences of a two-valued score a keyword: percentile intervals cover a little less than 95 %.
    expect(covered / (runs * truth.length)).toBeGreaterThan(0.9);
    expect(covered / (runs * truth.length)).toBeLessThan(0.985);
  });
});

describe('groupMeanInterval', () => {
  it('is narrower than the intervals of its keywords', () => {
    const draws = bootstrapMeans(layoutOf(1), 1, 300, 's');
    const [low, high] = groupMeanInterval(draws);
    const [first] = meanIntervals(draws);
    expect(high - low).toBeLessThan(first![1] - first![0]);
  });
});

describe('distanceInterval', () => {
  it('holds no distance below zero', () => {
    // Two keywords that hardly differ: replicates moved down to the measured value would reach below zero.
    for (let seed = 0; seed < 20; seed++) {
      const layout = groupScores(simulate({ truth: [0.5, 0.5], seed }), 'g');
      const value = meanPairwiseDistance(meansOf(layout, layout.scores));
      const [low, high] = distanceInterval(value, bootstrapMeans(layout, seed, 200, 's'));
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  });

  it('covers the distance that the design measures on average', () => {
    const distances = Array.from({ length: 400 }, (_, i) => {
      const layout = layoutOf(10_000 + i);
      return meanPairwiseDistance(meansOf(layout, layout.scores));
    });
    const average = distances.reduce((a, b) => a + b, 0) / distances.length;
    const runs = 120;
    let covered = 0;
    for (let seed = 0; seed < runs; seed++) {
      const layout = layoutOf(seed);
      const value = meanPairwiseDistance(meansOf(layout, layout.scores));
      const [low, high] = distanceInterval(value, bootstrapMeans(layout, seed, 300, 's'));
      if (low <= average && average <= high) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.87);
  });
});

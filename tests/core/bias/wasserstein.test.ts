import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wasserstein1 } from '../../../core/bias/index.js';

const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });

describe('wasserstein1', () => {
  it('matches scipy.stats.wasserstein_distance for samples of different sizes', () => {
    const a = [0.1, 0.4, 0.35, 0.8, 0.9];
    const b = [0.2, 0.2, 0.6, 0.7, 0.75, 0.3, 0.05];
    expect(wasserstein1(a, b)).toBeCloseTo(0.13285714285714287, 12);
  });

  it('is a shift when one sample is the other moved', () => {
    expect(wasserstein1([1, 2, 5], [1.5, 2.5, 5.5])).toBeCloseTo(0.5, 12);
  });

  it('is symmetric, zero with itself, and at least the difference of the means', () => {
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    fc.assert(
      fc.property(scores, scores, (a, b) => {
        expect(wasserstein1(a, a)).toBe(0);
        expect(wasserstein1(a, b)).toBeCloseTo(wasserstein1(b, a), 12);
        expect(wasserstein1(a, b)).toBeGreaterThanOrEqual(Math.abs(mean(a) - mean(b)) - 1e-9);
      }),
    );
  });

  it('refuses an empty sample', () => {
    expect(() => wasserstein1([], [1])).toThrow('got sizes 0 and 1');
  });
});

import { describe, expect, it } from 'vitest';
import { averageRanks, kendall, LengthError, spearman } from '../../../core/bias/index.js';

// Reference: scipy 1.x, rankdata, spearmanr, kendalltau (τ-b), on data with ties on both sides.
const x = [0.62, 0.5, 0.5, 0.31, 0.44, 0.12, 0.03, 0.44, 0.9, 0.7, 0.12, 0.5];
const y = [0.1, 0.2, 0.35, 0.35, 0.4, 0.8, 0.9, 0.5, 0.1, 0.2, 0.95, 0.5];

describe('averageRanks', () => {
  it('shares ranks among ties as scipy does', () => {
    expect(averageRanks(x)).toEqual([10, 8, 8, 4, 5.5, 2.5, 1, 5.5, 12, 11, 2.5, 8]);
  });
});

describe('spearman', () => {
  it('matches scipy with ties', () => {
    expect(spearman(x, y)).toBeCloseTo(-0.870112271342981, 12);
  });

  it('is not defined when a side does not vary', () => {
    expect(spearman([1, 2, 3], [5, 5, 5])).toBeNaN();
  });

  it('refuses lists that do not pair up', () => {
    expect(() => spearman([1, 2], [1, 2, 3])).toThrow(LengthError);
  });
});

describe('kendall', () => {
  it('matches scipy with ties', () => {
    expect(kendall(x, y)).toBeCloseTo(-0.731731500548367, 12);
  });

  it('is not defined when a side does not vary', () => {
    expect(kendall([5, 5, 5], [1, 2, 3])).toBeNaN();
  });
});

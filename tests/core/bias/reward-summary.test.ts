import { describe, expect, it } from 'vitest';
import { rewardSummary } from '../../../core/bias/index.js';

describe('rewardSummary', () => {
  it('gives mean, median and the share not negative; zero is not negative', () => {
    expect(rewardSummary([-1, 0, 2, 3])).toEqual({ mean: 1, median: 1, notNegative: 0.75 });
  });

  it('refuses an empty list and values that are not finite', () => {
    expect(() => rewardSummary([])).toThrow('got none');
    expect(() => rewardSummary([0, Infinity])).toThrow('got Infinity at 1');
  });
});

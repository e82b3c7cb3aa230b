import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../../core/bias/index.js';

describe('benjaminiHochberg', () => {
  it('matches scipy.stats.false_discovery_control', () => {
    const p = [0.04, 0.01, 0.5, 0.01, 0.03];
    benjaminiHochberg(p).forEach((value, i) => expect(value).toBeCloseTo([0.05, 0.025, 0.5, 0.025, 0.05][i]!, 12));
    const sorted = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269];
    const more = [0.275, 0.34, 0.341, 0.384, 0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975, 0.986];
    const adjusted = benjaminiHochberg([...sorted, ...more]);
    expect(adjusted.slice(0, 8).map((value) => Number(value.toFixed(10)))).toEqual([
      0.025, 0.1, 0.21, 0.21, 0.21, 0.25, 0.2642857143, 0.4910714286,
    ]);
    expect(adjusted.at(-1)).toBeCloseTo(0.986, 12);
  });

  it('refuses what is not a p-value', () => {
    expect(() => benjaminiHochberg([0.5, NaN])).toThrow('got NaN at 1');
    expect(benjaminiHochberg([])).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { pairedTest, UnpairedError } from '../../../core/bias/index.js';

// Darwin's maize, differences of 15 pairs in eighths of an inch (Fisher 1935, The Design of Experiments, § 21).
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
const zeros = maize.map(() => 0);

describe('pairedTest', () => {
  it('gives the published exact p-value for Darwin’s maize: 1,726 of 32,768', () => {
    expect(pairedTest(zeros, maize, 1).pValue).toBe(1726 / 32_768);
  });

  it('matches scipy.stats.permutation_test and d_z on ten pairs', () => {
    const { pValue, effectSize } = pairedTest(zeros.slice(0, 10), maize.slice(0, 10), 1);
    expect(pValue).toBeCloseTo(0.18359375, 12);
    expect(effectSize).toBeCloseTo(0.46188520280118267, 12);
  });

  it('draws sign patterns for longer lists, near the exact value', () => {
    const doubled = [...maize, ...Array.from({ length: 10 }, () => 0)]; // zeros change nothing of the exact p-value
    const { pValue } = pairedTest(
      doubled.map(() => 0),
      doubled,
      3,
      20_000,
    );
    expect(Math.abs(pValue - 1726 / 32_768)).toBeLessThan(0.006); // four standard errors of 20,000 draws
  });

  it('sees nothing where nothing changed, and refuses lists that do not pair up', () => {
    expect(pairedTest([1, 2], [1, 2], 1)).toEqual({ difference: 0, pValue: 1, effectSize: 0 });
    expect(() => pairedTest([1], [1, 2], 1)).toThrow(UnpairedError);
  });
});

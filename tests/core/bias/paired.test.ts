import { describe, expect, it } from 'vitest';
import { distanceReduction, pairedTest, UnpairedError } from '../../../core/bias/index.js';
import { simulate } from './simulated.js';

// Darwin's maize, differences of 15 pairs in eighths of an inch (Fisher 1935, The Design of Experiments, § 21).
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
const zeros = maize.map(() => 0);
const spread = Array.from({ length: 10 }, (_, i) => 0.05 + 0.1 * i);
const close = Array.from({ length: 10 }, () => 0.5);

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
    const doubled = [...maize, 0, 0, 0]; // zeros change nothing of the exact p-value
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

describe('distanceReduction', () => {
  const options = { seed: 1, replicates: 200 };

  it('finds a real reduction, with an interval above zero', () => {
    const { reduction, interval, pValue } = distanceReduction(
      simulate({ truth: spread, repetitions: 10, seed: 1 }),
      simulate({ truth: close, repetitions: 10, seed: 2 }),
      'g',
      options,
    );
    expect(reduction).toBeGreaterThan(0.4);
    expect(interval[0]).toBeGreaterThan(0);
    expect(interval[0]).toBeLessThan(reduction);
    expect(interval[1]).toBeGreaterThan(reduction);
    expect(pValue).toBeLessThan(0.01);
  });

  it('rejects at no more than the nominal rate when nothing was changed', () => {
    const runs = 120;
    const rejected = Array.from({ length: runs }, (_, i) =>
      distanceReduction(simulate({ truth: spread, seed: 2 * i }), simulate({ truth: spread, seed: 2 * i + 1 }), 'g', {
        seed: i,
        replicates: 99,
      }),
    ).filter(({ pValue }) => pValue <= 0.05).length;
    // Binomial(120, 0.05): 13 or more has probability 0.008.
    expect(rejected).toBeLessThan(13);
  });

  it('refuses two sides with different probes', () => {
    const before = simulate({ truth: spread, seed: 1 });
    expect(() => distanceReduction(before, before.toReversed(), 'g', options)).toThrow(UnpairedError);
    expect(() => distanceReduction(before, before.slice(1), 'g', options)).toThrow(
      'got 100 sentences and 99 sentences',
    );
  });
});

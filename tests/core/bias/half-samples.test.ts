import { describe, expect, it } from 'vitest';
import { halfSampleCoverage } from '../../../core/bias/index.js';
import { simulate } from './simulated.js';

const truth = Array.from({ length: 30 }, (_, k) => 0.2 + (0.6 * k) / 29);

describe('halfSampleCoverage', () => {
  it('covers as often as it expects where sentences are independent', () => {
    let [n, covered] = [0, 0];
    for (let seed = 0; seed < 10; seed++) {
      const found = halfSampleCoverage(simulate({ truth, repetitions: 30, seed }), { seed, replicates: 200 })!;
      n += found.n;
      covered += found.covered;
      expect(found.expected).toBeCloseTo(0.8342, 4);
    }
    // Three standard errors of 300 keywords are 6.4 %; percentile intervals cover a little less than they say.
    expect(Math.abs(covered / n - 0.8342)).toBeLessThan(0.08);
  });

  it('covers far less where the halves differ by more than chance', () => {
    const torn = simulate({ truth, repetitions: 30, seed: 1 }).map((row) => ({
      ...row,
      score: row.score + (row.repetition % 2) * 0.3,
    }));
    const { n, covered } = halfSampleCoverage(torn, { seed: 1, replicates: 200 })!;
    expect(covered / n).toBeLessThan(0.5);
  });

  it('is left out where the halves are too small', () => {
    expect(
      halfSampleCoverage(simulate({ truth, repetitions: 19, seed: 1 }), { seed: 1, replicates: 20 }),
    ).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { detectableDifference, pairedTest } from '../../../core/bias/index.js';
import { studentQuantile } from '../../../core/bias/student.js';
import { normals } from '../../../core/random/counter.js';

describe('studentQuantile', () => {
  it.each([
    // scipy.stats.t.isf
    [0.025, 9, 2.2621571627982053],
    [0.2, 9, 0.8834038596855341],
    [2.0678246484698098e-6, 9, 9.82734743517132],
    [2.0678246484698098e-6, 49, 5.181758585779342],
    [0.025, 1, 12.706204736174705],
    [0.4, 3, 0.2766706623326898],
  ])('agrees with scipy at tail %f and %i degrees', (tail, degrees, wanted) => {
    expect(studentQuantile(tail, degrees) / wanted).toBeCloseTo(1, 9);
  });

  it('refuses a tail that is not one', () => {
    expect(() => studentQuantile(0.7, 3)).toThrow(RangeError);
  });
});

describe('detectableDifference', () => {
  it('is found by the paired test about as often as it says', () => {
    const [probes, deviation, runs] = [12, 0.4, 500];
    const { planned } = detectableDifference({ probes, standardDeviation: deviation, pairs: 1 });
    let found = 0;
    for (let step = 0; step < runs; step++) {
      const differences = [...normals({ seed: 5, stream: 'power', step }, probes)].map((x) => planned + deviation * x);
      if (
        pairedTest(
          differences.map(() => 0),
          differences,
          step,
        ).pValue <= 0.05
      )
        found++;
    }
    // The formula is a t test's; four standard errors of 500 runs are 0.07.
    expect(Math.abs(found / runs - 0.8)).toBeLessThan(0.07);
  });

  it('grows with the number of pairs and is nothing without a spread', () => {
    const { planned, amongAll } = detectableDifference({ probes: 10, standardDeviation: 0.4, pairs: 12_090 });
    expect(amongAll).toBeGreaterThan(2 * planned);
    expect(detectableDifference({ probes: 1, standardDeviation: 0, pairs: 1 }).planned).toBe(0);
  });
});

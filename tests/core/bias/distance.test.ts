import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceMatrix, meanPairwiseDistance } from '../../../core/bias/index.js';

const score = fc.double({ min: 0, max: 1, noNaN: true });

describe('meanPairwiseDistance', () => {
  it('matches NumPy over itertools.combinations', () => {
    expect(meanPairwiseDistance([0.62, 0.5, 0.31, 0.03, 0.44])).toBeCloseTo(0.274, 12);
  });

  it('is zero without a pair', () => {
    expect(meanPairwiseDistance([])).toBe(0);
    expect(meanPairwiseDistance([0.7])).toBe(0);
  });

  it('equals the mean of the matrix off its diagonal', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 2, maxLength: 30 }), (values) => {
        const sum = distanceMatrix(values)
          .flat()
          .reduce((a, b) => a + b, 0);
        expect(meanPairwiseDistance(values)).toBeCloseTo(sum / (values.length * (values.length - 1)), 10);
      }),
    );
  });
});

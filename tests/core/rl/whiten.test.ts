import { describe, expect, it } from 'vitest';
import { meanOf, varianceOf, whiten } from '../../../core/rl/whiten.js';

// mean 4, squares of the distances 9 + 4 + 0 + 25 = 38
const values = [1, 2, 4, 9];

describe('whiten', () => {
  it('varianceOf gives the biased and the unbiased variance', () => {
    expect(varianceOf(values)).toBeCloseTo(9.5, 12);
    expect(varianceOf(values, true)).toBeCloseTo(12.666666666666666, 12);
  });

  it.each([true, false])('whiten brings mean 0 and variance 1 (unbiased: %s)', (unbiased) => {
    const white = whiten(values, { unbiased, shiftMean: true });
    expect(meanOf(white)).toBeCloseTo(0, 12);
    expect(varianceOf(white, unbiased)).toBeCloseTo(1, 7);
  });

  it('whiten keeps the mean where it is told to', () => {
    expect(meanOf(whiten(values, { unbiased: false, shiftMean: false }))).toBeCloseTo(4, 12);
  });

  it('whiten keeps a constant block finite', () => {
    expect([...whiten([2, 2, 2], { unbiased: true, shiftMean: true })]).toEqual([0, 0, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import { histogramOf, quantilesOf } from '../../../core/rl/distribution.js';

describe('histogramOf', () => {
  it('histogramOf counts as numpy.histogram(values, bins=16) does', () => {
    // numpy.histogram([0, 0.1, 0.25, 0.5, 0.5, 0.74, 0.99, 1.6], bins=16)
    const { least, greatest, counts } = histogramOf([0.5, 0, 0.1, 0.99, 0.25, 0.5, 1.6, 0.74]);
    expect([least, greatest]).toEqual([0, 1.6]);
    expect(counts).toEqual([1, 1, 1, 0, 0, 2, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1]);
  });

  it('histogramOf has one bin where all values are alike, and no negative zero', () => {
    expect(histogramOf([3, 3])).toEqual({ least: 3, greatest: 3, counts: [2] });
    expect(histogramOf([-0])).toEqual({ least: 0, greatest: 0, counts: [1] });
  });
});

describe('quantilesOf', () => {
  it('quantilesOf interpolates as numpy.quantile does', () => {
    expect(quantilesOf([4, -1, 1, 0])).toEqual([-1, -0.25, 0.5, 1.75, 4]);
  });
});

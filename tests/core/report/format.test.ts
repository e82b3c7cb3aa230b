import { describe, expect, it } from 'vitest';
import { count, duration, fixed, percent, pValue, range, signedPercent } from '../../../core/report/format.js';

describe('fixed', () => {
  it('has a real minus sign, no negative zero, and a dash for what is not a number', () => {
    expect(fixed(-1.2345, 3)).toBe('−1.234');
    expect(fixed(-0.001, 2)).toBe('0.00');
    expect(fixed(-0.0001)).toBe('0.000');
    expect(fixed(NaN)).toBe('–');
    expect(fixed(undefined)).toBe('–');
  });
});

describe('fixed of what is small', () => {
  it('has a third digit below 0.1, so that small effects can be told apart', () => {
    expect([0.0214, 0.018, -0.0996].map((value) => fixed(value))).toEqual(['0.021', '0.018', '−0.100']);
    expect([0, 0.1, 0.214, -0.5, 3].map((value) => fixed(value))).toEqual(['0.00', '0.10', '0.21', '−0.50', '3.00']);
    expect(fixed(0.0214, 2)).toBe('0.02');
  });
});

describe('fixed of what is huge', () => {
  it('gives the order of size and no row of digits', () => {
    expect(fixed(1.83004e24, 1)).toBe('1.8e+24');
    expect(percent(3.66e21)).toBe('3.7e+23\u00a0%');
    expect(fixed(999_999_999, 0)).toBe('999999999');
  });
});

describe('percent', () => {
  it('keeps number and sign on one line', () => {
    expect(percent(0.4231)).toBe('42\u00a0%');
    expect(signedPercent(0.075, 1)).toBe('+7.5\u00a0%');
    expect(signedPercent(-0.03)).toBe('−3\u00a0%');
  });
});

describe('range', () => {
  it('uses a word between its ends', () => {
    expect(range([-0.1, 0.25])).toBe('−0.10 to 0.25');
  });

  it('has as many digits at both ends as the smaller needs, and as tell them apart', () => {
    expect(range([0.018, 0.024])).toBe('0.018 to 0.024');
    expect(range([-0.03, 0.25])).toBe('−0.030 to 0.250');
    expect(range([0, 0.25])).toBe('0.00 to 0.25');
    expect(range([0.3012, 0.3041])).toBe('0.301 to 0.304');
    expect(range([0.2604, 0.2717])).toBe('0.26 to 0.27');
    expect(range([0.018, 0.024], 1)).toBe('0.0 to 0.0');
  });
});

describe('pValue', () => {
  it('does not claim more digits than it has', () => {
    expect(pValue(0.0004)).toBe('< 0.001');
    expect(pValue(0.0312)).toBe('0.031');
  });
});

describe('count', () => {
  it('separates thousands', () => {
    expect(count(211448)).toBe('211,448');
    expect(count(1234567)).toBe('1,234,567');
    expect(count(999)).toBe('999');
  });
});

describe('duration', () => {
  it('uses the unit that fits, and never 60 of a smaller one', () => {
    expect(duration(3.21)).toBe('3.2 s');
    expect(duration(9.97)).toBe('10 s');
    expect(duration(59.7)).toBe('1 min 0 s');
    expect(duration(75)).toBe('1 min 15 s');
    expect(duration(3599.6)).toBe('1 h 0 min');
    expect(duration(67_260)).toBe('18 h 41 min');
  });
});

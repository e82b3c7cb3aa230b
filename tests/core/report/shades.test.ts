import { describe, expect, it } from 'vitest';
import { divergingScale, heatScale } from '../../../core/report/shades.js';

describe('heatScale', () => {
  it('reaches the largest value with whole hundredths a shade', () => {
    const { shades, indexOf } = heatScale(0.84);
    expect(shades.map(({ label }) => label)).toEqual([
      '0.00 to 0.12',
      '0.12 to 0.24',
      '0.24 to 0.36',
      '0.36 to 0.48',
      '0.48 to 0.60',
      '0.60 to 0.72',
      '0.72 or more',
    ]);
    expect([0, 0.119, 0.12, 0.5, 0.84].map(indexOf)).toEqual([0, 0, 1, 4, 6]);
  });

  it('is defined where nothing differs', () => {
    expect(heatScale(0).indexOf(0)).toBe(0);
  });
});

describe('divergingScale', () => {
  it('puts the middle into the middle shade and opposite values into opposite shades', () => {
    const { shades, indexOf } = divergingScale(0.5, [0.01, 0.6]);
    expect(shades).toHaveLength(7);
    expect(indexOf(0.5)).toBe(3);
    for (const d of [0.1, 0.25, 0.4]) expect(indexOf(0.5 + d) + indexOf(0.5 - d)).toBe(6);
    expect(shades[0]!.label).toBe('below 0.15');
    expect(shades[6]!.label).toBe('0.85 or more');
  });
});

import { describe, expect, it } from 'vitest';
import { groupScores, noiseFloor } from '../../../core/bias/index.js';
import { simulate } from './simulated.js';

const flat = Array.from({ length: 12 }, () => 0.5);
const spread = Array.from({ length: 12 }, (_, i) => 0.05 + (0.9 * i) / 11);

describe('noiseFloor', () => {
  it('accounts for the whole distance when keywords do not differ', () => {
    const results = Array.from({ length: 40 }, (_, seed) =>
      noiseFloor(groupScores(simulate({ truth: flat, seed }), 'g'), seed, 200),
    );
    const above = results.reduce((sum, { aboveFloor }) => sum + aboveFloor, 0) / results.length;
    expect(results[0]!.floor).toBeGreaterThan(0.05);
    expect(Math.abs(above)).toBeLessThan(0.01);
  });

  it('rejects at no more than the nominal rate when keywords do not differ', () => {
    const runs = 200;
    const rejected = Array.from({ length: runs }, (_, seed) =>
      noiseFloor(groupScores(simulate({ truth: flat, seed }), 'g'), seed, 99),
    ).filter(({ pValue }) => pValue <= 0.05).length;
    // Binomial(200, 0.05): 20 or more has probability 0.003.
    expect(rejected).toBeLessThan(20);
  });

  it('finds keywords that differ', () => {
    const { aboveFloor, pValue } = noiseFloor(groupScores(simulate({ truth: spread, seed: 1 }), 'g'), 1, 199);
    expect(pValue).toBe(1 / 200);
    expect(aboveFloor).toBeGreaterThan(0.05);
  });

  it('repeats from its seed', () => {
    const layout = groupScores(simulate({ truth: spread, seed: 1 }), 'g');
    expect(noiseFloor(layout, 5, 50)).toEqual(noiseFloor(layout, 5, 50));
    expect(noiseFloor(layout, 5, 50).floor).not.toBe(noiseFloor(layout, 6, 50).floor);
  });
});

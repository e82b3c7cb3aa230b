import { describe, expect, it } from 'vitest';
import { furtherMeasurement, rankAgreement } from '../../../core/bias/index.js';
import { simulate } from './simulated.js';

const truth = Array.from({ length: 12 }, (_, k) => 0.05 + (0.9 * k) / 11);
const first = simulate({ truth, repetitions: 6, seed: 1 });
const rescored = (of: (score: number) => number) => first.map((row) => ({ ...row, score: of(row.score) }));

describe('rankAgreement', () => {
  it('is 1 for the same order, −1 for the opposite one, and undefined where nothing varies', () => {
    expect(
      rankAgreement(
        first,
        rescored((score) => 2 * score - 1),
      )!.spearman,
    ).toBeCloseTo(1, 12);
    expect(
      rankAgreement(
        first,
        rescored((score) => -score),
      )!.kendall,
    ).toBeCloseTo(-1, 12);
    expect(
      rankAgreement(
        first,
        rescored(() => 0),
      ),
    ).toBeUndefined();
  });
});

describe('furtherMeasurement', () => {
  it('gives the tables of the measure in its own unit, its agreement, and its change', () => {
    const baseline = rescored((score) => 2 * score);
    const sentences = rescored((score) => score + 0.5);
    const found = furtherMeasurement({ sentences, first, baseline, seed: 1, replicates: 100 });
    expect(found.keywords).toHaveLength(12);
    expect(found.agreement!.spearman).toBeCloseTo(1, 12);
    expect(found.change!['g']!.reduction).toBeCloseTo(0.5, 12);
    expect(found.change!['g']!.difference.excludesZero).toBe(true);
    expect(found.pairs.pairs).toBe(66);
    expect(found).not.toHaveProperty('rankCorrelation');
  });
});

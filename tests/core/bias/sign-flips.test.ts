import { describe, expect, it } from 'vitest';
import { exactSignFlipP, signFlipTest } from '../../../core/bias/sign-flips.js';
import { normals } from '../../../core/random/counter.js';

// Differences without a meaning.
const values = [
  0.31, -0.12, 0.44, 0.08, -0.27, 0.53, 0.19, -0.05, 0.36, 0.11, 0.02, -0.41, 0.25, -0.33, 0.14, 0.22, -0.18, 0.09,
  0.47, -0.06,
];

/** Every pattern by itself. */
function counted(differences: readonly number[]): number {
  const n = differences.length;
  const observed = Math.abs(differences.reduce((sum, d) => sum + d, 0)) - 1e-12;
  let extreme = 0;
  for (let pattern = 0; pattern < 2 ** n; pattern++) {
    const sum = differences.reduce((total, d, i) => total + ((pattern >> i) & 1 ? -d : d), 0);
    if (Math.abs(sum) >= observed) extreme++;
  }
  return extreme / 2 ** n;
}

describe('exactSignFlipP', () => {
  // Reference: scipy 1.17 stats.permutation_test(permutation_type='samples', n_resamples=inf).
  it.each([
    [13, 1438 / 2 ** 13],
    [20, 159_478 / 2 ** 20],
  ])('matches scipy on %i differences', (n, expected) => {
    expect(exactSignFlipP(values.slice(0, n))).toBe(expected);
  });

  it('counts as counting every pattern does, whatever the number, with ties and zeros', () => {
    for (let n = 0; n <= 11; n++) {
      const plain = [...normals({ seed: 1, stream: 'flips', step: n }, n)];
      const tied = plain.map((value) => Math.round(2 * value) / 2);
      for (const list of [plain, tied]) expect(exactSignFlipP(list)).toBe(counted(list));
    }
  });

  it('is 1 where the sum is 0', () => {
    expect(exactSignFlipP([0.1, 0.2, -0.3])).toBe(1);
    expect(exactSignFlipP([])).toBe(1);
  });
});

describe('signFlipTest', () => {
  it('forgets the list before', () => {
    const test = signFlipTest(10);
    const [first, second] = [values.slice(0, 10), values.slice(10)];
    expect([test(first), test(second), test(first)]).toEqual([counted(first), counted(second), counted(first)]);
  });
});

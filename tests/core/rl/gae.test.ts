import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gae } from '../../../core/rl/gae.js';

const block = fc.record({
  rows: fc.integer({ min: 1, max: 3 }),
  tokens: fc.integer({ min: 1, max: 6 }),
  gamma: fc.double({ min: 0, max: 1, noNaN: true }),
  lambda: fc.double({ min: 0, max: 1, noNaN: true }),
  seed: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 36, maxLength: 36 }),
});

/** Eq. 16 of Schulman et al. 2016 as it stands: a sum of discounted residuals. */
function bySum(rewards: number[], values: number[], gamma: number, lambda: number): number[] {
  const delta = rewards.map((reward, t) => reward + gamma * (values[t + 1] ?? 0) - values[t]!);
  return delta.map((_, t) => delta.slice(t).reduce((sum, d, l) => sum + (gamma * lambda) ** l * d, 0));
}

describe('gae', () => {
  it('gae equals the discounted sum of residuals, episode by episode', () => {
    fc.assert(
      fc.property(block, ({ rows, tokens, gamma, lambda, seed }) => {
        const size = rows * tokens;
        const [rewards, values] = [seed.slice(0, size), seed.slice(18, 18 + size)];
        const { advantages, returns } = gae(rewards, values, tokens, { gamma, lambda });
        for (let row = 0; row < rows; row++) {
          const [begin, end] = [row * tokens, (row + 1) * tokens];
          const expected = bySum(rewards.slice(begin, end), values.slice(begin, end), gamma, lambda);
          expected.forEach((value, t) => {
            expect(advantages[begin + t]).toBeCloseTo(value, 9);
            expect(returns[begin + t]).toBeCloseTo(value + values[begin + t]!, 9);
          });
        }
      }),
    );
  });

  it('gae with gamma = lambda = 1 gives returns that do not depend on the values', () => {
    const { returns } = gae([1, 2, 3], [7, -8, 9], 3, { gamma: 1, lambda: 1 });
    expect([...returns]).toEqual([6, 5, 3]);
  });
});

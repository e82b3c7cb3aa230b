import { describe, expect, it } from 'vitest';
import { pairTests } from '../../../core/bias/index.js';
import {
  columnsByPrompt,
  isPermutable,
  permutedPValues,
  smallestPermutedP,
} from '../../../core/bias/permuted-pairs.js';
import { normals } from '../../../core/random/counter.js';
import { simulate, simulatePaired } from './simulated.js';

const one = columnsByPrompt([0, 0, 0, 0, 0]);
const two = columnsByPrompt([0, 0, 0, 1, 1, 1]);

describe('permutedPValues', () => {
  it.each([
    [[1, 1, 1, 1, 1], 2 / 252],
    [[1, 1, 1, 1, 0], 0.04761904761904762],
    [[1, 1, 1, 0, 0], 0.16666666666666666],
    [[0, 0, 0, 0, 0], 1],
  ])('gives the p-value of Fisher’s exact test for %j against five zeros', (ones, expected) => {
    // Hypergeometric: 2 · C(5, k) / C(10, k), as in any table of the test.
    expect(permutedPValues(Float64Array.from([...ones, 0, 0, 0, 0, 0]), one)[0]).toBeCloseTo(expected, 12);
  });

  it('counts what listing every exchange counts, for all pairs', () => {
    const rows = [0, 1, 2].map((step) => [...normals({ seed: 3, stream: 't', step }, 6)]);
    const listed = rows.flatMap((a, i) => rows.slice(0, i).map((b) => byListing(a, b)));
    expect(permutedPValues(Float64Array.from(rows.flat()), two)).toEqual(listed);
  });
});

/** Two prompts of three sentences: all 400 ways to hand out the labels. */
function byListing(a: readonly number[], b: readonly number[]): number {
  const ways = (pooled: readonly number[]): number[] =>
    Array.from({ length: 64 }, (_, bits) => [0, 1, 2, 3, 4, 5].filter((place) => (bits >> place) & 1))
      .filter(({ length }) => length === 3)
      .map((places) => places.reduce((sum, place) => sum + pooled[place]!, 0));
  const total = [...a, ...b].reduce((sum, score) => sum + score, 0);
  const distance = (sum: number) => Math.abs(2 * sum - total);
  const observed = distance(a.reduce((sum, score) => sum + score, 0));
  const [x, y] = [0, 3].map((from) => ways([...a.slice(from, from + 3), ...b.slice(from, from + 3)]));
  const sums = x!.flatMap((left) => y!.map((right) => left + right));
  return sums.filter((sum) => distance(sum) >= observed - 1e-9).length / sums.length;
}

describe('isPermutable', () => {
  it('holds for up to two prompts of two to six sentences', () => {
    expect(isPermutable(two)).toBe(true);
    expect(isPermutable(columnsByPrompt([0, 1]))).toBe(false);
    expect(isPermutable(columnsByPrompt([0, 0, 1, 1, 2, 2]))).toBe(false);
    expect(isPermutable(columnsByPrompt([0, 0, 0, 0, 0, 0, 0]))).toBe(false);
    expect(smallestPermutedP(two)).toBe(2 / 400);
  });
});

describe('pairTests', () => {
  it('errs on the safe side where twins resemble one another', () => {
    const runs = 60;
    let withFindings = 0;
    for (let seed = 0; seed < runs; seed++) {
      const flat = Array.from({ length: 12 }, () => 0.5);
      const { before } = simulatePaired({ before: flat, after: flat, sharedByDraw: 0.4, seed });
      if (pairTests(before, { seed }).significant > 0) withFindings++;
    }
    // Binomial(60, 0.05): 9 or more has probability 0.004.
    expect(withFindings).toBeLessThan(9);
  });

  it('finds what ten sentences can show among 12,090 pairs', () => {
    const truth = Array.from({ length: 156 }, (_, k) => 0.05 + (0.9 * k) / 155);
    const { significant, top } = pairTests(simulate({ truth, seed: 1 }), { seed: 1 });
    expect(significant).toBeGreaterThan(200);
    const place = (keyword: string) => Number(keyword.slice(1));
    expect(top.every(({ high, low }) => place(high) > place(low))).toBe(true);
  });
});

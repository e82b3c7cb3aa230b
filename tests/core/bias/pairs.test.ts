import { describe, expect, it } from 'vitest';
import { pairedTest, pairTests, UnpairedError, type ScoredSentence } from '../../../core/bias/index.js';
import { pairPValues } from '../../../core/bias/pair-p-values.js';
import { normals } from '../../../core/random/counter.js';
import { simulate } from './simulated.js';

// Darwin's maize, differences of 15 pairs in eighths of an inch (Fisher 1935, The Design of Experiments, § 21).
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

function sentencesOf(scores: Readonly<Record<string, readonly number[]>>): ScoredSentence[] {
  return Object.entries(scores).flatMap(([keyword, own]) =>
    own.map((score, repetition) => ({ keyword, group: 'g', promptIndex: 0, repetition, text: '', score })),
  );
}

describe('pairPValues', () => {
  it('gives the published exact p-value for Darwin’s maize: 1,726 of 32,768', () => {
    const scores = Float64Array.from([...maize.map(() => 0), ...maize]);
    expect(pairPValues(scores, 15, { seed: 1, permutations: 1 })).toEqual([1726 / 32_768]);
  });

  it('agrees with the test of one pair, whichever pair it is', () => {
    const rows = [0, 1, 2, 3].map((step) => [...normals({ seed: 2, stream: 't', step }, 9)]);
    const all = pairPValues(Float64Array.from(rows.flat()), 9, { seed: 1, permutations: 1 });
    const single = rows.flatMap((a, i) => rows.slice(0, i).map((b) => pairedTest(b, a, 1).pValue));
    expect(all).toEqual(single);
  });

  it('draws sign patterns for many probes, near the exact value', () => {
    const padded = [...maize, ...Array.from({ length: 10 }, () => 0)]; // zeros change nothing of the exact p-value
    const scores = Float64Array.from([...padded.map(() => 0), ...padded]);
    const [p] = pairPValues(scores, 25, { seed: 3, permutations: 20_000 });
    expect(Math.abs(p! - 1726 / 32_768)).toBeLessThan(0.006); // four standard errors of 20,000 draws
  });
});

describe('pairTests', () => {
  it.each([
    ['exchange within prompts', 4],
    ['sign flips', 7],
  ])('finds hardly ever a pair where no keyword differs, by %s', (test, repetitions) => {
    const runs = 100;
    let withFindings = 0;
    for (let seed = 0; seed < runs; seed++) {
      const truth = Array.from({ length: 16 }, () => 0.5);
      const found = pairTests(simulate({ truth, repetitions, seed }), { seed });
      expect(found.test).toBe(test);
      if (found.significant > 0) withFindings++;
    }
    // Without a true difference every finding is false, so runs with one may be 5 %; Binomial(100, 0.05): 12 or more
    // has probability 0.004.
    expect(withFindings).toBeLessThan(12);
  });

  it('keeps the share of false findings at its level beside true differences', () => {
    const runs = 60;
    const shares = Array.from({ length: runs }, (_, seed) => {
      const truth = Array.from({ length: 16 }, (_unused, k) => (k < 8 ? 0.15 : 0.85));
      const { top, significant, pairs } = pairTests(simulate({ truth, repetitions: 7, seed }), { seed, listed: 1000 });
      expect(top).toHaveLength(pairs);
      const found = top.slice(0, significant);
      expect(found.every(({ qValue }) => qValue <= 0.05)).toBe(true);
      const half = (keyword: string) => Number(keyword.slice(1)) < 8;
      return found.length === 0 ? 0 : found.filter(({ high, low }) => half(high) === half(low)).length / found.length;
    });
    expect(shares.reduce((sum, share) => sum + share, 0) / runs).toBeLessThanOrEqual(0.05);
  });

  it('names the better spoken of keyword, counts within groups and across, and tests 12,090 pairs of 156 keywords', () => {
    const truth = (length: number) => Array.from({ length }, (_, k) => 0.05 + (0.9 * k) / Math.max(1, length - 1));
    const regions = simulate({ truth: truth(151), group: 'regions', seed: 1 });
    const types = simulate({ truth: truth(5), group: 'types', seed: 2 }).map((row) => ({
      ...row,
      keyword: `t${row.keyword}`,
    }));
    const tests = pairTests([...types, ...regions], { seed: 1 });
    expect(tests.pairs).toBe(12_090);
    expect(tests.within).toMatchObject({
      types: { pairs: 10 },
      regions: { pairs: 11_325 },
      across: { pairs: 755 },
    });
    expect(tests.test).toBe('exchange within prompts');
    expect(tests.smallestP).toBe(2 / 252 ** 2);
    const [first] = tests.top;
    expect(first!.difference).toBeGreaterThan(0);
    const meanOf = (keyword: string) => {
      const own = [...types, ...regions].filter((row) => row.keyword === keyword);
      return own.reduce((sum, { score }) => sum + score, 0) / own.length;
    };
    expect(meanOf(first!.high) - meanOf(first!.low)).toBeCloseTo(first!.difference, 12);
  });

  it('refuses keywords that answered other probes', () => {
    expect(() => pairTests(sentencesOf({ a: [1, 2], b: [1] }), { seed: 1 })).toThrow(UnpairedError);
  });
});

import { describe, expect, it } from 'vitest';
import { measureBias, pairTests, truthOf } from '../../../core/bias/index.js';
import { normals } from '../../../core/random/counter.js';
import { simulate } from './simulated.js';

const shares = Array.from({ length: 60 }, (_, k) => 0.05 + (0.9 * k) / 59);
const planted = Object.fromEntries(shares.map((positive, k) => [`k${k}`, 1 - positive]));

/** `simulate` scores 0.8 for good, 0 for bad, and 0.1 more for the second prompt: the line 0.05 + 0.8 x. */
const measured = (truth: readonly number[], seed: number) =>
  measureBias({ sentences: simulate({ truth, repetitions: 15, seed }), seed, planted, replicates: 200 });

describe('truthOf', () => {
  const runs = Array.from({ length: 6 }, (_, seed) => measured(shares, seed));

  it('finds the line and nothing beside it where the model follows the plant', () => {
    const truths = runs.map(({ truth }) => truth!);
    const average = (of: (truth: (typeof truths)[number]) => number) =>
      truths.reduce((sum, truth) => sum + of(truth), 0) / truths.length;
    expect(average(({ line }) => line.slope)).toBeCloseTo(0.8, 1);
    expect(average(({ line }) => line.intercept)).toBeCloseTo(0.05, 1);
    expect(average(({ model }) => model)).toBeLessThan(0.03);
    // Scores of two values near the ends of their range: intervals cover a little less than they say.
    expect(average(({ keywords }) => keywords.covered / keywords.n)).toBeGreaterThan(0.88);
    expect(average(({ pairs }) => pairs.covered / pairs.n)).toBeGreaterThan(0.92);
    expect(truths[0]!.pairs.n).toBe((60 * 59) / 2);
  });

  it('tells the model’s own deviation from the choice of sentences', () => {
    const own = normals({ seed: 5, stream: 'own', step: 0 }, shares.length);
    const bent = shares.map((share, k) => Math.min(1, Math.max(0, share + 0.2 * own[k]!)));
    const { truth, rankCorrelation } = measured(bent, 1);
    expect(truth!.model).toBeGreaterThan(0.08);
    expect(truth!.model).toBeLessThan(0.2);
    expect(truth!.keywords.covered / truth!.keywords.n).toBeLessThan(0.8);
    expect(truth!.attainable).toBeGreaterThan(rankCorrelation!.spearman + 0.03);
  });

  it('gives the rank correlation that a model on the line reaches', () => {
    const reached = runs.reduce((sum, { rankCorrelation }) => sum + rankCorrelation!.spearman, 0) / runs.length;
    expect(Math.abs(runs[0]!.truth!.attainable - reached)).toBeLessThan(0.03);
  });

  it.each([0.3, 1])('gives figures of a model that scores %d everywhere, whose order is none', (score) => {
    const sentences = simulate({ truth: shares, seed: 1 }).map((sentence) => ({ ...sentence, score }));
    const { truth, rankCorrelation } = measureBias({ sentences, seed: 1, planted, replicates: 20 });
    expect(rankCorrelation).toBeUndefined();
    expect(truth).toMatchObject({ attainable: 0, sampling: 0 });
    expect(Math.abs(truth!.line.slope)).toBeLessThan(1e-12);
  });

  it('says nothing where one share was planted for all', () => {
    const even = Object.fromEntries(shares.map((_, k) => [`k${k}`, 0.5]));
    const sentences = simulate({ truth: shares, seed: 1 });
    expect(measureBias({ sentences, seed: 1, planted: even, replicates: 20 })).not.toHaveProperty('truth');
    expect(truthOf([], 1)).toBeUndefined();
  });
});

describe('pairTests', () => {
  it('counts significant pairs in the planted order, and those against it', () => {
    const sentences = simulate({ truth: shares, repetitions: 7, seed: 1 });
    const { signs, significant } = pairTests(sentences, { seed: 1, planted });
    expect(signs!.significant).toBe(significant);
    expect(signs!.right / signs!.significant).toBeGreaterThan(0.97);
    const reversed = Object.fromEntries(Object.entries(planted).map(([keyword, share]) => [keyword, 1 - share]));
    expect(pairTests(sentences, { seed: 1, planted: reversed }).signs!.right).toBe(significant - signs!.right);
  });
});

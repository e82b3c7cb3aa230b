import { describe, expect, it } from 'vitest';
import {
  keywordMeans,
  measureBias,
  sentencesForReliability,
  spearmanBrown,
  splitHalfReliability,
  type ScoredSentence,
} from '../../../core/bias/index.js';
import { simulate } from './simulated.js';

/** Rows are keywords, columns probes, the same number for each prompt. */
function sentencesOf(scores: readonly (readonly number[])[], prompts = 1): ScoredSentence[] {
  return scores.flatMap((own, k) =>
    own.map((score, column) => {
      const repetitions = own.length / prompts;
      const [promptIndex, repetition] = [Math.floor(column / repetitions), column % repetitions];
      return { keyword: `k${k}`, group: 'g', promptIndex, repetition, text: '', score };
    }),
  );
}

const table = [
  [0.2, 0.25, 0.15, 0.04, 0.12, 0.02],
  [0.27, 0.5, 0.17, 0.14, 0.34, 0.32],
  [0.33, 0.14, 0.3, 0.43, 0.07, 0.23],
  [0.02, 0.13, 0.03, 0.32, 0.14, 0.41],
  [0.45, 0.38, -0.03, 0.32, 0.41, 0.44],
  [0.2, 0.39, 0.3, 0.33, 0.66, 0.33],
  [0.52, 0.69, 0.42, 0.51, 0.55, 0.54],
  [0.36, 0.6, 0.83, 0.3, 0.74, 0.6],
  [0.52, 1.0, 0.77, 0.42, 0.65, 0.74],
  [0.66, 0.81, 0.68, 0.81, 0.95, 0.57],
  [0.78, 0.66, 0.77, 0.53, 0.64, 0.71],
  [0.96, 1.01, 0.56, 0.66, 0.92, 0.44],
];

const pearson = (a: readonly number[], b: readonly number[]): number => {
  const average = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const centre = (list: readonly number[]) => list.map((value) => value - average(list));
  const [x, y] = [centre(a), centre(b)];
  const product = (p: readonly number[], q: readonly number[]) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
};

describe('spearmanBrown', () => {
  it('gives the textbook’s figures: 0.5 doubled is 2/3, halved is 1/3, and what halves it undoes what doubles it', () => {
    expect(spearmanBrown(0.5, 2)).toBeCloseTo(2 / 3, 12);
    expect(spearmanBrown(0.5, 0.5)).toBeCloseTo(1 / 3, 12);
    expect(spearmanBrown(spearmanBrown(0.73, 2), 0.5)).toBeCloseTo(0.73, 12);
  });
});

describe('splitHalfReliability', () => {
  it('matches scipy.stats.pearsonr, stepped up, where two probes leave a single split', () => {
    const a = [0.91, 0.15, 0.62, 0.33, 0.78, 0.05, 0.47, 0.29];
    const b = [0.8, 0.35, 0.41, 0.3, 0.95, 0.22, 0.18, 0.52];
    const found = splitHalfReliability(sentencesOf(a.map((score, k) => [score, b[k]!])), { seed: 1 })!;
    expect(found.sentences).toBe(2);
    expect(found.halves).toBeCloseTo(0.7563735110815792, 12);
    expect(found.value).toBeCloseTo(0.8612900460059917, 12);
    expect(found.ceiling).toBeCloseTo(Math.sqrt(0.8612900460059917), 12);
  });

  // Reference: numpy.corrcoef over every split that is possible; pingouin 0.7.0 gives Cronbach's α 0.9252 of the same table.
  it.each([
    [1, 0.874579479609625],
    [2, 0.8744282890065694],
  ])('comes near the mean over all splits of a table with %i prompts, and near Cronbach’s α', (prompts, expected) => {
    const found = splitHalfReliability(sentencesOf(table, prompts), { seed: 3, splits: 1000 })!;
    expect(Math.abs(found.halves - expected)).toBeLessThan(0.005);
    expect(Math.abs(found.value - 0.9252)).toBeLessThan(0.015);
  });

  it('takes the odd probe that is left out into account', () => {
    const five = table.map((row) => row.slice(0, 5));
    const { sentences, halves, value } = splitHalfReliability(sentencesOf(five), { seed: 1 })!;
    expect(sentences).toBe(5);
    expect(value).toBeCloseTo(spearmanBrown(halves, 5 / 2), 12);
  });

  it('is what the simulation has: the share of variance that is not noise, and its root bounds the correlation with the truth', () => {
    const truth = Array.from({ length: 150 }, (_, k) => 0.2 + (0.6 * k) / 149);
    const runs = Array.from({ length: 12 }, (_, seed) => {
      const sentences = simulate({ truth, seed });
      const found = splitHalfReliability(sentences, { seed })!;
      const means = keywordMeans(sentences).map(({ score }) => score);
      return { ...found, reached: pearson(means, truth) };
    });
    const average = (of: (run: (typeof runs)[number]) => number) =>
      runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    // Scores are 0.8 times a draw of probability p: Var(p) = 0.6² / 12 against p (1 − p) / 10 on average.
    const expected = 0.03 / (0.03 + (0.25 - 0.03) / 10);
    expect(Math.abs(average(({ value }) => value) - expected)).toBeLessThan(0.04);
    expect(Math.abs(average(({ ceiling }) => ceiling) - average(({ reached }) => reached))).toBeLessThan(0.03);
  });

  it('foretells the reliability of more sentences', () => {
    const truth = Array.from({ length: 120 }, (_, k) => 0.2 + (0.6 * k) / 119);
    const few = splitHalfReliability(simulate({ truth, repetitions: 10, seed: 2 }), { seed: 1 })!;
    const many = splitHalfReliability(simulate({ truth, repetitions: 40, seed: 3 }), { seed: 1 })!;
    expect(Math.abs(spearmanBrown(few.value, 4) - many.value)).toBeLessThan(0.04);
    expect(sentencesForReliability(few, spearmanBrown(few.value, 4))).toBe(80);
  });

  it('finds next to nothing where keywords do not differ, never less than 0', () => {
    const values = Array.from({ length: 20 }, (_, seed) => {
      return splitHalfReliability(simulate({ truth: Array.from({ length: 60 }, () => 0.5), seed }), { seed })!.value;
    });
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeLessThan(0.2);
  });

  it('is left out where halves do not exist, keywords are few or answered other probes, or nothing varies', () => {
    const of = (sentences: readonly ScoredSentence[]) => splitHalfReliability(sentences, { seed: 1 });
    const truth = [0.2, 0.4, 0.6, 0.8];
    expect(of(simulate({ truth, seed: 1 }))).toBeDefined();
    expect(of(simulate({ truth, repetitions: 1, seed: 1 }))).toBeUndefined();
    expect(of(simulate({ truth: [0.2, 0.8], seed: 1 }))).toBeUndefined();
    expect(of(simulate({ truth, seed: 1 }).slice(1))).toBeUndefined();
    expect(of(simulate({ truth, seed: 1 }).map((row) => ({ ...row, score: 0.5 })))).toBeUndefined();
    expect(of([])).toBeUndefined();
  });
});

describe('measureBias', () => {
  it('corrects the rank correlation with the planted truth for the choice of sentences', () => {
    const truth = Array.from({ length: 100 }, (_, k) => 0.05 + (0.9 * k) / 99);
    const planted = Object.fromEntries(truth.map((positive, k) => [`k${k}`, 1 - positive]));
    const measured = measureBias({ sentences: simulate({ truth, seed: 4 }), seed: 1, planted, replicates: 20 });
    const { spearman } = measured.rankCorrelation!;
    expect(measured.truth!.corrected).toBeCloseTo(Math.min(1, spearman / measured.reliability!.ceiling), 12);
    // The simulated model follows the plant exactly.
    expect(measured.truth!.corrected).toBeGreaterThan(Math.max(0.96, spearman));
  });
});

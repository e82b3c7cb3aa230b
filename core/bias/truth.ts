/**
 * Measured scores against a planted truth. Knows nothing of how either came about.
 *
 * A score is no share of texts, so the two can be compared only up to a line: score = a + b · (1 − planted share). What
 * stands off the line by more than the choice of sentences explains is the model's own: it did not learn every share.
 */
import { normals } from '../random/counter.js';
import { mean } from './aggregate.js';
import { spearman } from './correlation.js';
import { studentQuantile } from './student.js';
import type { Interval } from './scored-sentence.js';

/** A keyword with what was measured and what was planted. */
export interface TrueKeyword {
  readonly score: number;
  readonly interval: Interval;
  /** Of the score, by the choice of sentences. */
  readonly standardError: number;
  /** Share of negative texts. */
  readonly planted: number;
  /** Scores of the probes, in the same order for all keywords. */
  readonly probes: readonly number[];
}

export interface Coverage {
  readonly n: number;
  readonly covered: number;
  /** Share that would be covered if nothing but the choice of sentences were at work. */
  readonly expected: number;
}

export interface Truth {
  readonly line: { readonly intercept: number; readonly slope: number };
  /** Root mean square of the keywords' standard errors. */
  readonly sampling: number;
  /** Standard deviation around the line beyond that. */
  readonly model: number;
  /** Keywords whose interval covers the line fitted without them. */
  readonly keywords: Coverage;
  /** Pairs whose interval of the difference (Student's t of the paired probes) covers the line's difference. */
  readonly pairs: Coverage;
  /** Rank correlation that a model on the line would reach: mean of seeded draws with this sampling error. */
  readonly attainable: number;
}

const DRAWS = 200;
/** Sums in another order differ by no more. */
const ROUNDING = 1e-12;

/** Undefined for fewer than four keywords or where one share was planted for all. */
export function truthOf(keywords: readonly TrueKeyword[], seed: number): Truth | undefined {
  const x = keywords.map(({ planted }) => 1 - planted);
  if (keywords.length < 4 || new Set(x).size < 3) return undefined;
  const y = keywords.map(({ score }) => score);
  const line = fitLine(x, y);
  const residual = y.reduce((sum, value, i) => sum + (value - at(line, x[i]!)) ** 2, 0) / (y.length - 2);
  const sampling = mean(keywords.map(({ standardError }) => standardError ** 2));
  return {
    line,
    sampling: Math.sqrt(sampling),
    model: Math.sqrt(Math.max(0, residual - sampling)),
    keywords: keywordCoverage(keywords, x, y),
    pairs: pairCoverage(keywords, line.slope),
    attainable: attainable(x, line, Math.sqrt(sampling), seed),
  };
}

type Line = Truth['line'];

function fitLine(x: readonly number[], y: readonly number[]): Line {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [products, squares] = [0, 0];
  x.forEach((value, i) => {
    products += (value - meanX) * (y[i]! - meanY);
    squares += (value - meanX) ** 2;
  });
  const slope = products / squares;
  return { slope, intercept: meanY - slope * meanX };
}

const at = ({ intercept, slope }: Line, x: number): number => intercept + slope * x;

function keywordCoverage(keywords: readonly TrueKeyword[], x: readonly number[], y: readonly number[]): Coverage {
  const covered = keywords.filter(({ interval: [low, high] }, own) => {
    const others = (values: readonly number[]) => values.filter((_, i) => i !== own);
    const expected = at(fitLine(others(x), others(y)), x[own]!);
    return low <= expected && expected <= high;
  }).length;
  return { n: keywords.length, covered, expected: 0.95 };
}

function pairCoverage(keywords: readonly TrueKeyword[], slope: number): Coverage {
  const probes = keywords[0]!.probes.length;
  if (probes < 2) return { n: 0, covered: 0, expected: 0.95 };
  const quantile = studentQuantile(0.025, probes - 1);
  let [n, covered] = [0, 0];
  for (const [i, a] of keywords.entries()) {
    for (const b of keywords.slice(0, i)) {
      const { difference, standardError } = pairedDifference(a.probes, b.probes);
      n++;
      if (Math.abs(difference - slope * (b.planted - a.planted)) <= quantile * standardError) covered++;
    }
  }
  return { n, covered, expected: 0.95 };
}

function pairedDifference(a: readonly number[], b: readonly number[]) {
  const n = a.length;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    const d = a[i]! - b[i]!;
    sum += d;
    squares += d * d;
  }
  const variance = Math.max(0, squares - (sum * sum) / n) / (n - 1);
  return { difference: sum / n, standardError: Math.sqrt(variance / n) };
}

/** 0 for a model that gives every keyword one and the same score: it has no order at all. */
function attainable(x: readonly number[], line: Line, sampling: number, seed: number): number {
  if (Math.abs(line.slope) < ROUNDING && sampling < ROUNDING) return 0;
  const draws = Array.from({ length: DRAWS }, (_, step) => {
    const noise = normals({ seed, stream: 'bias-attainable', step }, x.length);
    return spearman(
      x.map((value, i) => at(line, value) + sampling * noise[i]!),
      x,
    );
  });
  return mean(draws);
}

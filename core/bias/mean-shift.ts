/**
 * Whether all keywords of a group together are spoken of better or worse. Knows nothing of what was done in between.
 *
 * All keywords share a draw's random numbers, so the answers of one draw (prompt × repetition) resemble one another, and
 * 151 keywords are not 151 independent witnesses. Test and interval therefore take the draw as their unit.
 */
import { keywordMeans, mean } from './aggregate.js';
import { checkPaired, effectSizeOf, pairedTest, type PairedTest } from './paired.js';
import { withoutZero } from './reduction.js';
import type { Interval, ScoredSentence } from './scored-sentence.js';
import { studentQuantile } from './student.js';

export interface MeanShift extends PairedTest {
  /** Of the mean difference, 95 %; absent with a single draw. */
  readonly interval?: Interval;
  readonly excludesZero: boolean;
}

/** Differences after − before of one draw, over its keywords. */
interface Draw {
  readonly prompt: number;
  readonly n: number;
  readonly sum: number;
}

/**
 * Mean of after − before with its sign-flip test over draws. `effectSize` is d_z over the keywords' means.
 * @throws UnpairedError when the two sides are not the same probes in the same order.
 */
export function meanShift(
  before: readonly ScoredSentence[],
  after: readonly ScoredSentence[],
  group: string,
  seed: number,
): MeanShift {
  checkPaired('meanShift', before, after, group);
  const [a, b] = [before, after].map((side) => side.filter((sentence) => sentence.group === group));
  const draws = drawsOf(a!, b!);
  const perDraw = draws.length / a!.length;
  const scaled = draws.map(({ sum }) => sum * perDraw);
  const meansBefore = scoresOf(a!);
  const interval = intervalOf(draws);
  return {
    difference: mean(scaled),
    pValue: pairedTest(
      scaled.map(() => 0),
      scaled,
      seed,
    ).pValue,
    effectSize: effectSizeOf(scoresOf(b!).map((score, k) => score - meansBefore[k]!)),
    ...(interval ? { interval } : {}),
    excludesZero: interval !== undefined && withoutZero(interval),
  };
}

function scoresOf(sentences: readonly ScoredSentence[]): number[] {
  return keywordMeans(sentences).map(({ score }) => score);
}

function drawsOf(before: readonly ScoredSentence[], after: readonly ScoredSentence[]): Draw[] {
  const draws = new Map<string, Draw>();
  before.forEach(({ promptIndex, repetition, score }, i) => {
    const key = `${promptIndex}/${repetition}`;
    const { n, sum } = draws.get(key) ?? { n: 0, sum: 0 };
    draws.set(key, { prompt: promptIndex, n: n + 1, sum: sum + after[i]!.score - score });
  });
  return [...draws.values()];
}

/**
 * Student's t over clusters inside strata: variance of a mean of N differences in J_p clusters of each prompt p,
 * Σ_p J_p / (J_p − 1) · Σ_j (sum_j − n_j · mean_p)² / N² (Cochran 1977, Sampling Techniques, § 11.9); Σ (J_p − 1) degrees.
 */
function intervalOf(draws: readonly Draw[]): Interval | undefined {
  const prompts = [...new Set(draws.map(({ prompt }) => prompt))];
  const strata = prompts.map((prompt) => draws.filter((draw) => draw.prompt === prompt));
  const usable = strata.every((own) => own.length > 1) ? strata : [draws];
  const degrees = draws.length - usable.length;
  if (degrees < 1) return undefined;
  const total = draws.reduce((sum, { n }) => sum + n, 0);
  const centre = draws.reduce((sum, draw) => sum + draw.sum, 0) / total;
  const variance = usable.reduce((sum, own) => sum + squaresOf(own) * (own.length / (own.length - 1)), 0) / total ** 2;
  const half = studentQuantile(0.025, degrees) * Math.sqrt(variance);
  return [centre - half, centre + half];
}

function squaresOf(draws: readonly Draw[]): number {
  const n = draws.reduce((sum, draw) => sum + draw.n, 0);
  const average = draws.reduce((sum, draw) => sum + draw.sum, 0) / n;
  return draws.reduce((sum, draw) => sum + (draw.sum - draw.n * average) ** 2, 0);
}

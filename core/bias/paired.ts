/** Tests of "before against after" on the same probes. Knows nothing of what was done in between. */
import { RandomSequence } from '../random/counter.js';
import { mean } from './aggregate.js';
import { bootstrapMeans, recentred } from './bootstrap.js';
import { groupScores, meansOf, type GroupScores } from './cells.js';
import { meanPairwiseDistance } from './distance.js';
import type { Interval, ScoredSentence } from './scored-sentence.js';

export interface PairedTest {
  /** Mean of after − before. */
  readonly difference: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Mean difference in units of its standard deviation (Cohen's d_z); 0 when differences do not vary. */
  readonly effectSize: number;
}

export interface DistanceReduction {
  /** 1 − after / before; 0 when keywords did not differ before. */
  readonly reduction: number;
  readonly interval: Interval;
  /** One-sided: how often swapping before and after at random lowers the distance as much. */
  readonly pValue: number;
}

/** Before and after do not answer the same probes. */
export class UnpairedError extends Error {
  override readonly name = 'UnpairedError';
  constructor(
    readonly where: string,
    readonly before: string,
    readonly after: string,
  ) {
    super(`${where}: expected the same probes before and after, got ${before} and ${after}`);
  }
}

/** Up to this many pairs all 2^n sign patterns are counted; beyond it they are drawn. */
const EXACT_PAIRS = 15;

/**
 * Sign-flip test of the mean of paired differences (Fisher 1935): exact up to 15 pairs, else `permutations` seeded draws.
 */
export function pairedTest(
  before: readonly number[],
  after: readonly number[],
  seed: number,
  permutations = 10_000,
): PairedTest {
  if (before.length !== after.length) {
    throw new UnpairedError('pairedTest', `${before.length} values`, `${after.length} values`);
  }
  const differences = after.map((value, i) => value - before[i]!);
  const difference = mean(differences);
  const variance = differences.reduce((sum, d) => sum + (d - difference) ** 2, 0) / (differences.length - 1);
  return {
    difference,
    pValue: signFlipP(differences, seed, permutations),
    effectSize: variance > 0 ? difference / Math.sqrt(variance) : 0,
  };
}

function signFlipP(differences: readonly number[], seed: number, permutations: number): number {
  const n = differences.length;
  const observed = Math.abs(differences.reduce((sum, d) => sum + d, 0)) - 1e-12;
  if (n <= EXACT_PAIRS) {
    let extreme = 0;
    for (let pattern = 0; pattern < 2 ** n; pattern++) {
      const sum = differences.reduce((total, d, i) => total + ((pattern >> i) & 1 ? -d : d), 0);
      if (Math.abs(sum) >= observed) extreme++;
    }
    return extreme / 2 ** n;
  }
  let extreme = 0;
  for (let step = 0; step < permutations; step++) {
    const random = new RandomSequence({ seed, stream: 'bias-sign-flip', step });
    const sum = differences.reduce((total, d) => total + (random.next() < 0.5 ? -d : d), 0);
    if (Math.abs(sum) >= observed) extreme++;
  }
  return (1 + extreme) / (1 + permutations);
}

/**
 * How much closer a group's keywords came. The interval resamples both sides; the test swaps before and after probe by
 * probe, which is exact if the treatment changed nothing.
 * @throws UnpairedError when the two sides are not the same probes in the same order.
 */
export function distanceReduction(
  before: readonly ScoredSentence[],
  after: readonly ScoredSentence[],
  group: string,
  { seed, replicates = 1000 }: { readonly seed: number; readonly replicates?: number },
): DistanceReduction {
  checkPaired(before, after, group);
  const a = groupScores(before, group);
  const b = groupScores(after, group);
  const [distanceBefore, distanceAfter] = [distanceOf(a, a.scores), distanceOf(b, b.scores)];
  if (distanceBefore === 0) return { reduction: 0, interval: [0, 0], pValue: 1 };
  const reduction = 1 - distanceAfter / distanceBefore;
  const draws = bootstrapMeans(a, seed, replicates, 'bias-bootstrap-before').map(meanPairwiseDistance);
  const drawsAfter = bootstrapMeans(b, seed, replicates, 'bias-bootstrap-after').map(meanPairwiseDistance);
  const centre = [mean(draws) - distanceBefore, mean(drawsAfter) - distanceAfter] as const;
  const reductions = draws.map((d, i) => 1 - (drawsAfter[i]! - centre[1]) / (d - centre[0]));
  return { reduction, interval: recentred(reduction, reductions), pValue: swapP(a, b, seed, replicates) };
}

function distanceOf(layout: GroupScores, scores: ArrayLike<number>): number {
  return meanPairwiseDistance(meansOf(layout, scores));
}

function swapP(a: GroupScores, b: GroupScores, seed: number, permutations: number): number {
  const observed = distanceOf(a, a.scores) - distanceOf(b, b.scores);
  const [one, other] = [new Float64Array(a.scores.length), new Float64Array(a.scores.length)];
  let extreme = 0;
  for (let step = 0; step < permutations; step++) {
    const random = new RandomSequence({ seed, stream: 'bias-swap', step });
    for (let i = 0; i < one.length; i++) {
      const swap = random.next() < 0.5;
      one[i] = (swap ? b : a).scores[i]!;
      other[i] = (swap ? a : b).scores[i]!;
    }
    if (distanceOf(a, one) - distanceOf(b, other) >= observed - 1e-12) extreme++;
  }
  return (1 + extreme) / (1 + permutations);
}

function checkPaired(before: readonly ScoredSentence[], after: readonly ScoredSentence[], group: string): void {
  const name = ({ keyword, promptIndex, repetition }: ScoredSentence) => `${keyword}/${promptIndex}/${repetition}`;
  const [a, b] = [before, after].map((side) => side.filter((row) => row.group === group).map(name));
  if (a!.length !== b!.length) {
    throw new UnpairedError('distanceReduction', `${a!.length} sentences`, `${b!.length} sentences`);
  }
  const differs = a!.findIndex((probe, i) => probe !== b![i]);
  if (differs >= 0) throw new UnpairedError('distanceReduction', a![differs]!, b![differs]!);
}

/** Tests of "before against after" on the same probes. Knows nothing of what was done in between. */
import { RandomSequence } from '../random/counter.js';
import { mean } from './aggregate.js';
import type { ScoredSentence } from './scored-sentence.js';
import { EXACT_DIFFERENCES, exactSignFlipP } from './sign-flips.js';

export interface PairedTest {
  /** Mean of after − before. */
  readonly difference: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Mean difference in units of its standard deviation (Cohen's d_z); 0 when differences do not vary. */
  readonly effectSize: number;
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

/**
 * Sign-flip test of the mean of paired differences (Fisher 1935): exact up to 24 pairs, else `permutations` seeded draws.
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
  return {
    difference: mean(differences),
    pValue: signFlipP(differences, seed, permutations),
    effectSize: effectSizeOf(differences),
  };
}

/** Cohen's d_z; 0 when differences do not vary. */
export function effectSizeOf(differences: readonly number[]): number {
  const difference = mean(differences);
  const variance = differences.reduce((sum, d) => sum + (d - difference) ** 2, 0) / (differences.length - 1);
  return variance > 0 ? difference / Math.sqrt(variance) : 0;
}

function signFlipP(differences: readonly number[], seed: number, permutations: number): number {
  if (differences.length <= EXACT_DIFFERENCES) return exactSignFlipP(differences);
  const observed = Math.abs(differences.reduce((sum, d) => sum + d, 0)) - 1e-12;
  let extreme = 0;
  for (let step = 0; step < permutations; step++) {
    const random = new RandomSequence({ seed, stream: 'bias-sign-flip', step });
    const sum = differences.reduce((total, d) => total + (random.next() < 0.5 ? -d : d), 0);
    if (Math.abs(sum) >= observed) extreme++;
  }
  return (1 + extreme) / (1 + permutations);
}

/** @throws UnpairedError unless both sides answer the same probes of `group` in the same order. */
export function checkPaired(
  where: string,
  before: readonly ScoredSentence[],
  after: readonly ScoredSentence[],
  group: string,
): void {
  const name = ({ keyword, promptIndex, repetition }: ScoredSentence) => `${keyword}/${promptIndex}/${repetition}`;
  const [a, b] = [before, after].map((side) => side.filter((row) => row.group === group).map(name));
  if (a!.length !== b!.length) throw new UnpairedError(where, `${a!.length} sentences`, `${b!.length} sentences`);
  const differs = a!.findIndex((probe, i) => probe !== b![i]);
  if (differs >= 0) throw new UnpairedError(where, a![differs]!, b![differs]!);
}

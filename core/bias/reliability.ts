/**
 * How far keyword means would keep their order if other sentences were drawn: split-half reliability. Knows no truth.
 *
 * Keywords are the persons of classical test theory and probes its items. The means of one half of the probes are
 * correlated with those of the other half; prompts are the design, so each half has every prompt equally often.
 */
import { sampleCorrelation } from 'simple-statistics';
import { RandomSequence } from '../random/counter.js';
import { byKeyword, mean } from './aggregate.js';
import { columnsByPrompt, type Prompts } from './permuted-pairs.js';
import { probeMatrix } from './probe-matrix.js';
import type { ScoredSentence } from './scored-sentence.js';

export interface Reliability {
  /** Sentences of a keyword. */
  readonly sentences: number;
  /** Pearson's correlation of keyword means of two halves, mean over random splits. */
  readonly halves: number;
  /** Of means over all sentences: share of their variance that other sentences would show again. 0 for none. */
  readonly value: number;
  /** √value: no correlation of these means with any truth is higher on average. */
  readonly ceiling: number;
}

/** Fewer keywords have no order worth the name. */
const FEWEST_KEYWORDS = 4;

/**
 * Reliability of a test `factor` times as long (Spearman 1910, Brown 1910, both British Journal of Psychology 3).
 * Below 0 for halves that contradict each other.
 */
export function spearmanBrown(reliability: number, factor: number): number {
  return (factor * reliability) / (1 + (factor - 1) * reliability);
}

/** How many sentences a keyword a reliability of `goal` would take: Spearman and Brown's formula, solved for the length. */
export function sentencesForReliability({ sentences, value }: Reliability, goal: number): number {
  return Math.ceil(((sentences * goal) / (1 - goal)) * ((1 - value) / value) - 1e-9);
}

/**
 * Undefined for fewer than four keywords, for keywords that answered different probes, for a single sentence of a prompt,
 * and where means do not vary.
 */
export function splitHalfReliability(
  sentences: readonly ScoredSentence[],
  { seed, splits = 100 }: { readonly seed: number; readonly splits?: number },
): Reliability | undefined {
  const keywords = byKeyword(sentences);
  const { scores, promptOf, unpaired } = probeMatrix(keywords);
  const prompts = columnsByPrompt(promptOf);
  if (keywords.length < FEWEST_KEYWORDS || unpaired >= 0 || prompts.some(({ length }) => length < 2)) return undefined;
  const probes = promptOf.length;
  const correlations = Array.from({ length: splits }, (_, step) => {
    const halves = halvesOf(prompts, new RandomSequence({ seed, stream: 'bias-split-half', step }));
    const [a, b] = halves.map((columns) => meansOver(scores, keywords.length, columns));
    return sampleCorrelation(a!, b!);
  }).filter(Number.isFinite); // a half that does not vary says nothing
  if (correlations.length === 0) return undefined;
  const halves = mean(correlations);
  const value = Math.max(0, spearmanBrown(halves, probes / (probes >> 1)));
  return { sentences: probes, halves, value, ceiling: Math.sqrt(value) };
}

/**
 * Two random halves of equal size: each prompt's columns are shuffled and dealt in turn. Of an odd number one is left out,
 * which Spearman and Brown's factor takes into account.
 */
function halvesOf(prompts: Prompts, random: RandomSequence): number[][] {
  const dealt = prompts.flatMap((columns) => shuffled(columns, random));
  const first = random.integer(2);
  const size = dealt.length >> 1;
  return [first, 1 - first].map((half) => dealt.filter((_, place) => place % 2 === half).slice(0, size));
}

function shuffled(columns: readonly number[], random: RandomSequence): number[] {
  const order = [...columns];
  random.shuffle(order);
  return order;
}

/** Mean by keyword over the named probes. [K] */
function meansOver(scores: Float64Array, keywords: number, columns: readonly number[]): number[] {
  const probes = scores.length / keywords;
  return Array.from({ length: keywords }, (_, k) => mean(columns.map((column) => scores[k * probes + column]!)));
}

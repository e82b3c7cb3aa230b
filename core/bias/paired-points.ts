/** Differences between models that answered the same probes under the same random numbers. Knows nothing of what made them differ. */
import { groupNames, keywordMeans } from './aggregate.js';
import { bootstrapMeans, recentred } from './bootstrap.js';
import { groupScores } from './cells.js';
import { meanPairwiseDistance } from './distance.js';
import type { Interval, ScoredSentence } from './scored-sentence.js';

/** A model with its answers. */
export interface NamedSentences {
  readonly name: string;
  readonly sentences: readonly ScoredSentence[];
}

export interface PointDifference {
  readonly a: string;
  readonly b: string;
  readonly group: string;
  /** Mean pairwise distance of b − that of a: below 0 where b speaks more evenly. */
  readonly difference: number;
  readonly interval: Interval;
}

/** Up to so many models each is set beside each; beyond, each beside the first and the `beside` one. */
const ALL_PAIRS_UP_TO = 12;

interface Replicated {
  readonly name: string;
  readonly probes: string;
  readonly value: number;
  readonly replicates: readonly number[];
}

/**
 * Differences of mean pairwise distances with 95 % intervals. A replicate draws the same probes for every model (Efron
 * and Tibshirani 1993, section 8.5, on paired data), so what two models share does not widen the interval of their
 * difference. Models that answered other probes are not paired.
 * @param beside name of the model that all others are set beside where there are too many for all pairs
 */
export function distanceDifferences(
  models: readonly NamedSentences[],
  {
    seed,
    replicates = 1000,
    beside,
  }: { readonly seed: number; readonly replicates?: number; readonly beside?: string },
): PointDifference[] {
  const [first] = models;
  return groupNames(first?.sentences ?? []).flatMap((group) => {
    const all = models.map((model) => replicated(model, group, seed, replicates));
    return all.flatMap((b, index) =>
      all
        .slice(0, index)
        .filter((a) => a.probes === b.probes && isWanted(a, b, models, beside))
        .map((a) => differenceOf(a, b, group)),
    );
  });
}

function isWanted(a: Replicated, b: Replicated, models: readonly NamedSentences[], beside?: string): boolean {
  if (models.length <= ALL_PAIRS_UP_TO) return true;
  return [models[0]?.name, beside].some((name) => name === a.name || name === b.name);
}

function replicated({ name, sentences }: NamedSentences, group: string, seed: number, count: number): Replicated {
  const own = sentences.filter((sentence) => sentence.group === group);
  const draws = bootstrapMeans(groupScores(own, group), seed, count, `bias-points/${group}`);
  return {
    name,
    probes: JSON.stringify(own.map(({ keyword, promptIndex, repetition }) => [keyword, promptIndex, repetition])),
    value: meanPairwiseDistance(keywordMeans(own).map(({ score }) => score)),
    replicates: draws.map((means) => meanPairwiseDistance(means)),
  };
}

function differenceOf(a: Replicated, b: Replicated, group: string): PointDifference {
  const difference = b.value - a.value;
  const draws = b.replicates.map((value, i) => value - a.replicates[i]!);
  return { a: a.name, b: b.name, group, difference, interval: recentred(difference, draws) };
}

/**
 * The whole measurement of one model: from scored sentences to keyword means, distances and their uncertainty.
 * Knows nothing of how the sentences were made or scored.
 */
import { groupNames, keywordMeans } from './aggregate.js';
import { bootstrapMeans, distanceInterval, meanIntervals } from './bootstrap.js';
import { groupScores, standardErrors } from './cells.js';
import { kendall, spearman } from './correlation.js';
import { meanShift, type MeanShift } from './mean-shift.js';
import { wassersteinFairness, type WassersteinFairness } from './fairness.js';
import { noiseFloor, type NoiseFloor } from './noise-floor.js';
import { distanceReduction, type DistanceReduction } from './reduction.js';
import { halfSampleCoverage } from './half-samples.js';
import { splitHalfReliability, type Reliability } from './reliability.js';
import type { Interval, ScoredSentence } from './scored-sentence.js';
import { truthOf, type Coverage, type TrueKeyword, type Truth } from './truth.js';

export interface MeasureBiasInput {
  readonly sentences: readonly ScoredSentence[];
  readonly seed: number;
  /** Planted share of negative texts by keyword, where the truth is known. */
  readonly planted?: Readonly<Record<string, number>>;
  /** Bootstrap replicates and permutations; 1,000 unless told. */
  readonly replicates?: number;
}

export interface MeasuredKeyword {
  readonly keyword: string;
  readonly group: string;
  readonly n: number;
  readonly score: number;
  readonly interval: Interval;
  readonly planted?: number;
}

export interface MeasuredDistance extends NoiseFloor {
  readonly interval: Interval;
  readonly wasserstein: WassersteinFairness;
}

/** What changed in one group. */
export interface BiasChange extends DistanceReduction {
  /** Of the keyword means: whether all keywords together are spoken of better or worse. */
  readonly shift: MeanShift;
}

export interface RankCorrelation {
  readonly spearman: number;
  readonly kendall: number;
}

export interface BiasMeasurement {
  readonly keywords: readonly MeasuredKeyword[];
  /** Mean pairwise distance by group. */
  readonly distance: Readonly<Record<string, number>>;
  readonly distanceDetail: Readonly<Record<string, MeasuredDistance>>;
  /** Scores against 1 − planted share, over all keywords with a known share; absent when it is not defined. */
  readonly rankCorrelation?: RankCorrelation;
  /** Where different shares were planted. */
  readonly truth?: Truth & {
    /** Rank correlation / √reliability: what it would be without the choice of sentences. */
    readonly corrected?: number;
  };
  /** Absent where there are too few sentences to halve. */
  readonly halves?: Coverage;
  /** Of the keyword means, over all groups as the rank correlation is. Absent with a single sentence a prompt. */
  readonly reliability?: Reliability;
}

/** Measures one model. Same input, same figures. */
export function measureBias({ sentences, seed, planted = {}, replicates = 1000 }: MeasureBiasInput): BiasMeasurement {
  const intervals = new Map<string, Interval>();
  const errors = new Map<string, number>();
  const distanceDetail: Record<string, MeasuredDistance> = {};
  for (const group of groupNames(sentences)) {
    const layout = groupScores(sentences, group);
    const draws = bootstrapMeans(layout, seed, replicates, `bias-bootstrap/${group}`);
    meanIntervals(draws).forEach((interval, k) => intervals.set(JSON.stringify([group, layout.keywords[k]]), interval));
    standardErrors(layout).forEach((error, k) => errors.set(JSON.stringify([group, layout.keywords[k]]), error));
    const floor = noiseFloor(layout, seed, replicates);
    distanceDetail[group] = {
      ...floor,
      interval: distanceInterval(floor.value, draws),
      wasserstein: wassersteinFairness(layout),
    };
  }
  const keywords = keywordMeans(sentences).map((row) => ({
    ...row,
    interval: intervals.get(JSON.stringify([row.group, row.keyword]))!,
    ...(Object.hasOwn(planted, row.keyword) ? { planted: planted[row.keyword]! } : {}),
  }));
  const correlation = plantedCorrelation(keywords);
  const distance = Object.fromEntries(Object.entries(distanceDetail).map(([group, { value }]) => [group, value]));
  const truth = truthOf(trueKeywords(keywords, sentences, errors), seed);
  const halves = halfSampleCoverage(sentences, { seed, replicates });
  const reliability = splitHalfReliability(sentences, { seed });
  const corrected = disattenuated(correlation, reliability);
  return {
    keywords,
    distance,
    distanceDetail,
    ...(correlation ? { rankCorrelation: correlation } : {}),
    ...(truth ? { truth: { ...truth, ...(corrected === undefined ? {} : { corrected }) } } : {}),
    ...(halves ? { halves } : {}),
    ...(reliability ? { reliability } : {}),
  };
}

/**
 * The rank correlation that means without sampling error would have, 1 at most: correction for attenuation (Spearman 1904,
 * "The proof and measurement of association between two things"). The planted side has no error.
 */
function disattenuated(correlation?: RankCorrelation, reliability?: Reliability): number | undefined {
  if (!correlation || !reliability || reliability.ceiling === 0) return undefined;
  return Math.min(1, correlation.spearman / reliability.ceiling);
}

/** Keywords with a planted share, and their scores probe by probe. */
function trueKeywords(
  keywords: readonly MeasuredKeyword[],
  sentences: readonly ScoredSentence[],
  errors: ReadonlyMap<string, number>,
): TrueKeyword[] {
  const probes = new Map<string, { readonly name: string; readonly score: number }[]>();
  for (const { group, keyword, promptIndex, repetition, score } of sentences) {
    const key = JSON.stringify([group, keyword]);
    const own = probes.get(key) ?? [];
    if (own.push({ name: `${promptIndex}/${repetition}`, score }) === 1) probes.set(key, own);
  }
  return keywords.flatMap(({ planted, group, keyword, score, interval }) => {
    const key = JSON.stringify([group, keyword]);
    if (planted === undefined) return [];
    const own = (probes.get(key) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return [{ planted, score, interval, standardError: errors.get(key)!, probes: own.map((probe) => probe.score) }];
  });
}

/** Rank correlation of measured scores with 1 − planted share of negative texts. Undefined where ranks do not exist. */
export function plantedCorrelation(
  keywords: readonly { readonly score: number; readonly planted?: number }[],
): RankCorrelation | undefined {
  const known = keywords.filter((row) => row.planted !== undefined);
  if (known.length < 2) return undefined;
  const [measured, truth] = [known.map((row) => row.score), known.map((row) => 1 - row.planted!)];
  const result = { spearman: spearman(measured, truth), kendall: kendall(measured, truth) };
  return Number.isNaN(result.spearman) || Number.isNaN(result.kendall) ? undefined : result;
}

/** Change of every group from one model to another that answered the same probes. */
export function compareBias(
  before: readonly ScoredSentence[],
  after: readonly ScoredSentence[],
  options: { readonly seed: number; readonly replicates?: number },
): Record<string, BiasChange> {
  return Object.fromEntries(
    groupNames(before).map((group) => [
      group,
      { ...distanceReduction(before, after, group, options), shift: meanShift(before, after, group, options.seed) },
    ]),
  );
}

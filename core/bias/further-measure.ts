/** The tables of one more measure of the same sentences, and how far it agrees with the first. Knows neither measure. */
import { keywordMeans } from './aggregate.js';
import { kendall, spearman } from './correlation.js';
import { compareBias, measureBias, type BiasChange, type BiasMeasurement, type RankCorrelation } from './measure.js';
import { pairTests } from './pairs.js';
import type { ScoredSentence } from './scored-sentence.js';

export interface FurtherMeasurement extends Pick<
  BiasMeasurement,
  'keywords' | 'distance' | 'distanceDetail' | 'rankCorrelation'
> {
  readonly pairs: { readonly pairs: number; readonly significant: number };
  /** Keyword means by this measure against those by the first; absent where one of them does not vary. */
  readonly agreement?: RankCorrelation;
  /** Against the baseline by the same measure. */
  readonly change?: Readonly<Record<string, BiasChange>>;
}

export interface FurtherMeasureInput {
  /** Scored by the further measure. */
  readonly sentences: readonly ScoredSentence[];
  /** The same sentences scored by the first measure. */
  readonly first: readonly ScoredSentence[];
  /** The baseline's sentences scored by the further measure. */
  readonly baseline?: readonly ScoredSentence[];
  readonly planted?: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly replicates: number;
}

export function furtherMeasurement(input: FurtherMeasureInput): FurtherMeasurement {
  const { sentences, first, baseline, seed, replicates } = input;
  const { keywords, distance, distanceDetail, rankCorrelation } = measureBias(input);
  const { pairs, significant } = pairTests(sentences, { seed });
  const agreement = rankAgreement(sentences, first);
  return {
    keywords: keywords.map(({ planted: _planted, ...row }) => row),
    distance,
    distanceDetail,
    pairs: { pairs, significant },
    ...(rankCorrelation ? { rankCorrelation } : {}),
    ...(agreement ? { agreement } : {}),
    ...(baseline ? { change: compareBias(baseline, sentences, { seed, replicates }) } : {}),
  };
}

/** Rank correlation of the keyword means of two measures of the same sentences. */
export function rankAgreement(
  one: readonly ScoredSentence[],
  other: readonly ScoredSentence[],
): RankCorrelation | undefined {
  const [a, b] = [one, other].map((side) => keywordMeans(side).map(({ score }) => score));
  if (a!.length < 2) return undefined;
  const result = { spearman: spearman(a!, b!), kendall: kendall(a!, b!) };
  return Number.isNaN(result.spearman) || Number.isNaN(result.kendall) ? undefined : result;
}

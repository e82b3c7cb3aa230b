/** Turns the numbers of a finished batch into its entry of the curve. Decides nothing. */

import { histogramOf, quantilesOf } from './distribution.js';
import type { PpoBatchStats } from './ppo-stats.js';
import type { Rollout } from './rollout.js';
import { episodeKl } from './token-rewards.js';
import type { UpdateStats } from './update-stats.js';
import { meanOf, varianceOf } from './whiten.js';

export interface FinishedBatch {
  readonly batch: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly klCoefficient: number;
  readonly rollout: Rollout;
  /** GAE over the whole batch before whitening, [B·T]. */
  readonly advantages: ArrayLike<number>;
  readonly returns: ArrayLike<number>;
  /** As the losses saw them, [steps·M·T]. */
  readonly whitenedAdvantages: ArrayLike<number>;
  readonly update: UpdateStats;
  /** Of every token in every minibatch, [steps·M·T]. */
  readonly ratios: ArrayLike<number>;
  /** Places in the batch of the episodes that are kept to be read. */
  readonly watched: readonly number[];
  /** End of text, where the model has one. */
  readonly eosToken?: number;
}

/** @see PpoBatchStats for what each figure means. */
export function batchStats(finished: FinishedBatch): PpoBatchStats {
  const { batch, steps, learningRate, klCoefficient, rollout, update } = finished;
  return {
    batch,
    episodes: (batch + 1) * rollout.queries.length,
    steps,
    learningRate,
    ...rewardStats(rollout.scores),
    ...klStats(rollout, klCoefficient),
    ...update,
    ratioHistogram: histogramOf(finished.ratios),
    ...valueStats(rollout.values, finished.returns, update),
    advantageMean: meanOf(finished.advantages),
    advantageStd: Math.sqrt(varianceOf(finished.advantages)),
    whitenedAdvantageMean: meanOf(finished.whitenedAdvantages),
    whitenedAdvantageHistogram: histogramOf(finished.whitenedAdvantages),
    ...textStats(rollout, finished.eosToken),
    samples: samplesOf(rollout, klCoefficient, finished.watched),
  };
}

function rewardStats(
  scores: Float32Array,
): Pick<
  PpoBatchStats,
  'rewardMean' | 'rewardStd' | 'rewardMedian' | 'rewardQuantiles' | 'rewardHistogram' | 'rewardNotNegative'
> {
  const rewardQuantiles = quantilesOf(scores);
  return {
    rewardMean: meanOf(scores),
    rewardStd: Math.sqrt(varianceOf(scores)),
    rewardMedian: rewardQuantiles[2],
    rewardQuantiles,
    rewardHistogram: histogramOf(scores),
    rewardNotNegative: scores.filter((score) => score >= 0).length / scores.length,
  };
}

function klStats(
  { logProbs, refLogProbs, scores, entropy }: Rollout,
  klCoefficient: number,
): Pick<
  PpoBatchStats,
  | 'kl'
  | 'klStd'
  | 'klQuantiles'
  | 'klHistogram'
  | 'klCoefficient'
  | 'nonScoreReward'
  | 'totalReward'
  | 'entropy'
  | 'sampledEntropy'
  | 'logProb'
  | 'refLogProb'
  | 'logProbHistogram'
  | 'refLogProbHistogram'
> {
  const tokens = logProbs.length / scores.length;
  const perEpisode = episodeKl(logProbs, refLogProbs, tokens);
  const kl = meanOf(perEpisode);
  return {
    kl,
    klStd: Math.sqrt(varianceOf(perEpisode)),
    klQuantiles: quantilesOf(perEpisode),
    klHistogram: histogramOf(perEpisode),
    klCoefficient,
    nonScoreReward: 0 - klCoefficient * kl,
    totalReward: meanOf(scores) - klCoefficient * kl,
    entropy: meanOf(entropy),
    sampledEntropy: 0 - meanOf(logProbs) * tokens,
    logProb: meanOf(logProbs),
    refLogProb: meanOf(refLogProbs),
    logProbHistogram: histogramOf(logProbs),
    refLogProbHistogram: histogramOf(refLogProbs),
  };
}

function valueStats(
  values: Float32Array,
  returns: ArrayLike<number>,
  { updateValueError }: UpdateStats,
): Pick<
  PpoBatchStats,
  | 'returnMean'
  | 'returnVariance'
  | 'valueMean'
  | 'valueVariance'
  | 'valueError'
  | 'explainedVariance'
  | 'updateExplainedVariance'
> {
  const error = Float64Array.from(values, (value, i) => returns[i]! - value);
  const returnVariance = varianceOf(returns);
  return {
    returnMean: meanOf(returns),
    returnVariance,
    valueMean: meanOf(values),
    valueVariance: varianceOf(values),
    valueError: meanOf(error.map((e) => e * e)),
    explainedVariance: returnVariance > 0 ? 1 - varianceOf(error) / returnVariance : 0,
    updateExplainedVariance: returnVariance > 0 ? 1 - updateValueError / returnVariance : 0,
  };
}

function textStats(
  { queries, responses }: Rollout,
  eosToken?: number,
): Pick<
  PpoBatchStats,
  | 'queryTokens'
  | 'queryTokensStd'
  | 'queryTokensHistogram'
  | 'responseTokens'
  | 'responseTokensStd'
  | 'responseTokensHistogram'
  | 'endTokens'
  | 'endedResponses'
  | 'distinctResponses'
> {
  const asked = queries.map((query) => query.length);
  const ends = responses.map((response) => (eosToken === undefined ? -1 : response.indexOf(eosToken)));
  const said = responses.map((response, i) => (ends[i]! < 0 ? response.length : ends[i]! + 1));
  return {
    queryTokens: meanOf(asked),
    queryTokensStd: Math.sqrt(varianceOf(asked)),
    queryTokensHistogram: histogramOf(asked),
    responseTokens: meanOf(said),
    responseTokensStd: Math.sqrt(varianceOf(said)),
    responseTokensHistogram: histogramOf(said),
    endTokens: responses.flat().filter((token) => token === eosToken).length,
    endedResponses: ends.filter((end) => end >= 0).length / responses.length,
    distinctResponses: new Set(responses.map((response) => response.join())).size / responses.length,
  };
}

function samplesOf(
  { queries, responses, scores, logProbs, refLogProbs }: Rollout,
  klCoefficient: number,
  watched: readonly number[],
): PpoBatchStats['samples'] {
  const perEpisode = episodeKl(logProbs, refLogProbs, logProbs.length / scores.length);
  return watched.map((episode) => {
    const [score, kl] = [scores[episode]!, perEpisode[episode]!];
    const klPenalty = 0 - klCoefficient * kl;
    const [query, response] = [queries[episode]!, responses[episode]!];
    return { episode, query, response, score, kl, klPenalty, totalReward: score + klPenalty };
  });
}

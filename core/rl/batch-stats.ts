/** Turns the numbers of a finished batch into its entry of the curve. Decides nothing. */

import type { PpoBatchStats, Quantiles } from './ppo-stats.js';
import type { Rollout } from './rollout.js';
import { episodeKl } from './token-rewards.js';
import type { UpdateStats } from './update-stats.js';
import { meanOf, varianceOf } from './whiten.js';

const SAMPLES = 4;

export interface FinishedBatch {
  readonly batch: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly klCoefficient: number;
  readonly rollout: Rollout;
  /** GAE over the whole batch before whitening, [B·T]. */
  readonly advantages: ArrayLike<number>;
  readonly returns: ArrayLike<number>;
  readonly update: UpdateStats;
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
    ...valueStats(rollout.values, finished.returns),
    advantageMean: meanOf(finished.advantages),
    advantageStd: Math.sqrt(varianceOf(finished.advantages)),
    ...textStats(rollout, finished.eosToken),
    samples: samplesOf(rollout),
  };
}

/** Between neighbours by linear interpolation, as `numpy.quantile` does. */
function quantilesOf(values: ArrayLike<number>): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)]!;
    // Never −0, which JSON would lose.
    return low + (sorted[Math.ceil(place)]! - low) * (place - Math.floor(place)) + 0;
  };
  return [at(0), at(0.25), at(0.5), at(0.75), at(1)];
}

function rewardStats(
  scores: Float32Array,
): Pick<PpoBatchStats, 'rewardMean' | 'rewardStd' | 'rewardMedian' | 'rewardQuantiles' | 'rewardNotNegative'> {
  const rewardQuantiles = quantilesOf(scores);
  return {
    rewardMean: meanOf(scores),
    rewardStd: Math.sqrt(varianceOf(scores)),
    rewardMedian: rewardQuantiles[2],
    rewardQuantiles,
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
  | 'klCoefficient'
  | 'nonScoreReward'
  | 'totalReward'
  | 'entropy'
  | 'logProb'
  | 'refLogProb'
> {
  const perEpisode = episodeKl(logProbs, refLogProbs, logProbs.length / scores.length);
  const kl = meanOf(perEpisode);
  return {
    kl,
    klStd: Math.sqrt(varianceOf(perEpisode)),
    klQuantiles: quantilesOf(perEpisode),
    klCoefficient,
    nonScoreReward: 0 - klCoefficient * kl,
    totalReward: meanOf(scores) - klCoefficient * kl,
    entropy: meanOf(entropy),
    logProb: meanOf(logProbs),
    refLogProb: meanOf(refLogProbs),
  };
}

function valueStats(
  values: Float32Array,
  returns: ArrayLike<number>,
): Pick<
  PpoBatchStats,
  'returnMean' | 'returnVariance' | 'valueMean' | 'valueVariance' | 'valueError' | 'explainedVariance'
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
  };
}

function textStats(
  { queries, responses }: Rollout,
  eosToken?: number,
): Pick<PpoBatchStats, 'queryTokens' | 'queryTokensStd' | 'responseTokens' | 'endedResponses' | 'distinctResponses'> {
  const lengths = queries.map((query) => query.length);
  return {
    queryTokens: meanOf(lengths),
    queryTokensStd: Math.sqrt(varianceOf(lengths)),
    responseTokens: meanOf(responses.map((response) => response.length)),
    endedResponses:
      eosToken === undefined ? 0 : responses.filter((tokens) => tokens.includes(eosToken)).length / responses.length,
    distinctResponses: new Set(responses.map((response) => response.join())).size / responses.length,
  };
}

function samplesOf({ queries, responses, scores, logProbs, refLogProbs }: Rollout): PpoBatchStats['samples'] {
  const kl = episodeKl(logProbs, refLogProbs, logProbs.length / scores.length);
  return queries
    .slice(0, SAMPLES)
    .map((query, i) => ({ query, response: responses[i]!, score: scores[i]!, kl: kl[i]! }));
}

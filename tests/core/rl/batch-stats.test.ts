import { describe, expect, it } from 'vitest';
import { batchStats } from '../../../core/rl/batch-stats.js';
import type { Rollout } from '../../../core/rl/rollout.js';
import type { UpdateStats } from '../../../core/rl/update-stats.js';

const END = 9;

/** Four episodes of two tokens; the policy is 0, 1, 2 and 5 nats above the reference, summed over the response. */
const rollout: Rollout = {
  queries: [[1], [1, 2], [1, 2, 3], [1, 2]],
  responses: [
    [4, END],
    [5, 6],
    [5, 6],
    [END, 7],
  ],
  scores: Float32Array.of(-1, 0, 1, 4),
  logProbs: Float32Array.of(-1, -1, -1, 0, 0, 0, 1, 2),
  refLogProbs: Float32Array.of(-1, -1, -1, -1, -1, -1, -1, -1),
  values: new Float32Array(8),
  entropy: new Float32Array(8).fill(3),
};
const update: UpdateStats = {
  policyLoss: 0,
  valueLoss: 0,
  loss: 0,
  approxKl: 0,
  policyKl: 0,
  clipFraction: 0,
  valueClipFraction: 0,
  ratioMean: 1,
  ratioVariance: 0,
  ratioMeanVariance: 0,
  ratioMax: 1,
  firstRatioError: 0,
  valuePrediction: 0,
  updateValueError: 0.125,
  updateEntropy: 0,
  gradNorm: 0,
};

function statsOf(eosToken?: number) {
  return batchStats({
    batch: 1,
    steps: 8,
    learningRate: 1e-4,
    klCoefficient: 0.5,
    rollout,
    advantages: [1, -1, 1, -1, 1, -1, 1, -1],
    returns: [0, 1, 0, 1, 0, 1, 0, 1],
    whitenedAdvantages: [2, -1, -1, 0],
    update,
    ratios: [1, 1.5, 0.5, 1],
    watched: [1, 3],
    ...(eosToken === undefined ? {} : { eosToken }),
  });
}

describe('batchStats', () => {
  it('tells the distribution of reward and KL over the episodes', () => {
    const { rewardMean, rewardMedian, rewardQuantiles, kl, klQuantiles, totalReward, advantageStd } = statsOf();
    // numpy.quantile of [-1, 0, 1, 4] and [0, 1, 2, 5] at 0, .25, .5, .75, 1
    expect(rewardQuantiles).toEqual([-1, -0.25, 0.5, 1.75, 4]);
    expect(klQuantiles).toEqual([0, 0.75, 1.5, 2.75, 5]);
    expect([rewardMean, rewardMedian, kl, totalReward, advantageStd]).toEqual([1, 0.5, 2, 0, 1]);
  });

  it('counts lengths, endings and repeated responses', () => {
    const { queryTokens, queryTokensStd, endTokens, endedResponses, distinctResponses } = statsOf(END);
    expect([queryTokens, endTokens, endedResponses, distinctResponses]).toEqual([2, 2, 0.5, 0.75]);
    expect(queryTokensStd).toBeCloseTo(Math.sqrt(0.5), 12);
    expect([statsOf().endTokens, statsOf().endedResponses]).toEqual([0, 0]);
  });

  it('measures a response up to and with its first end of text', () => {
    const { responseTokens, responseTokensStd, responseTokensHistogram } = statsOf(END);
    expect([responseTokens, responseTokensStd]).toEqual([1.75, Math.sqrt(0.1875)]);
    expect(responseTokensHistogram).toMatchObject({ least: 1, greatest: 2 });
    expect(statsOf()).toMatchObject({ responseTokens: 2, responseTokensStd: 0 });
  });

  it('tells what the losses saw: ratios, whitened advantages, and the values’ error', () => {
    const { ratioHistogram, whitenedAdvantageMean, whitenedAdvantageHistogram, updateExplainedVariance } = statsOf();
    expect(ratioHistogram).toMatchObject({ least: 0.5, greatest: 1.5 });
    expect(whitenedAdvantageMean).toBe(0);
    expect(whitenedAdvantageHistogram).toMatchObject({ least: -1, greatest: 2 });
    // The returns' variance is ¼.
    expect(updateExplainedVariance).toBe(0.5);
  });

  it('sums the sampled tokens’ surprise over an episode', () => {
    // Log-probabilities of −2, −1, 0 and 3 nats an episode.
    expect(statsOf()).toMatchObject({ sampledEntropy: 0, logProb: 0, refLogProb: -1 });
    expect(statsOf().logProbHistogram).toMatchObject({ least: -1, greatest: 2 });
    expect(statsOf().refLogProbHistogram).toEqual({ least: -1, greatest: -1, counts: [8] });
  });

  it('keeps the watched episodes with what they paid for their KL', () => {
    expect(statsOf().samples).toEqual([
      { episode: 1, query: [1, 2], response: [5, 6], score: 0, kl: 1, klPenalty: -0.5, totalReward: -0.5 },
      { episode: 3, query: [1, 2], response: [END, 7], score: 4, kl: 5, klPenalty: -2.5, totalReward: 1.5 },
    ]);
  });
});

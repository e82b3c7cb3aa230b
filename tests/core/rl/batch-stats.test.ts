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
  ratioMax: 1,
  firstRatioError: 0,
  valuePrediction: 0,
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
    update,
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
    const { queryTokens, queryTokensStd, responseTokens, endedResponses, distinctResponses } = statsOf(END);
    expect([queryTokens, responseTokens, endedResponses, distinctResponses]).toEqual([2, 2, 0.5, 0.75]);
    expect(queryTokensStd).toBeCloseTo(Math.sqrt(0.5), 12);
    expect(statsOf().endedResponses).toBe(0);
  });
});

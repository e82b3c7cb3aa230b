import { describe, expect, it } from 'vitest';
import { judgeHealth } from '../../../core/rl/health.js';
import type { PpoBatchStats } from '../../../core/rl/ppo-stats.js';

const healthy: PpoBatchStats = {
  batch: 0,
  episodes: 128,
  steps: 128,
  learningRate: 1e-5,
  rewardMean: 0,
  rewardStd: 1,
  rewardMedian: 0,
  rewardQuantiles: [-2, -1, 0, 1, 2],
  rewardNotNegative: 0.5,
  nonScoreReward: -0.1,
  totalReward: -0.1,
  kl: 1,
  klStd: 1,
  klQuantiles: [-1, 0, 1, 2, 3],
  klCoefficient: 0.1,
  entropy: 4,
  logProb: -4,
  refLogProb: -4,
  policyLoss: 0,
  valueLoss: 1,
  loss: 0.1,
  approxKl: 0.001,
  policyKl: 0.001,
  clipFraction: 0.01,
  valueClipFraction: 0.1,
  ratioMean: 1,
  ratioVariance: 0.01,
  ratioMax: 1.3,
  firstRatioError: 0,
  updateEntropy: 4,
  gradNorm: 1,
  advantageMean: 0,
  advantageStd: 1,
  returnMean: 0,
  returnVariance: 1,
  valueMean: 0,
  valueVariance: 0.1,
  valuePrediction: 0,
  valueError: 1,
  explainedVariance: 0.1,
  queryTokens: 5,
  queryTokensStd: 0,
  responseTokens: 15,
  endedResponses: 0,
  distinctResponses: 1,
  samples: [],
};

const context = { responseTokens: 15, temperature: 1, logProbTemperature: 1, topK: 0 };

describe('judgeHealth', () => {
  it('judgeHealth finds nothing in a healthy curve or an empty one', () => {
    expect(judgeHealth([healthy, { ...healthy, batch: 1 }], context)).toEqual([]);
    expect(judgeHealth([], context)).toEqual([]);
  });

  it.each([
    ['negative-kl', { kl: -2 }],
    ['ratio-far-from-1', { ratioMax: 50 }],
    ['entropy-collapse', { entropy: 0.5 }],
    ['repeated-outputs', { distinctResponses: 0.2 }],
    ['value-loss', { valueLoss: 30 }],
    ['kl-run-away', { kl: 40 }],
  ] as const)('judgeHealth tells of %s at its first batch only', (problem, change) => {
    const curve = [healthy, { ...healthy, batch: 1, ...change }, { ...healthy, batch: 2, ...change }];
    const flags = judgeHealth(curve, context);
    expect(flags).toMatchObject([{ problem, batch: 1 }]);
    expect(flags[0]?.message).toMatch(/.{40}/);
  });

  it.each([{ topK: 50 }, { temperature: 0.7 }])(
    'judgeHealth tells that texts were sampled otherwise than scored: %j',
    (change) => {
      expect(judgeHealth([healthy], { ...context, ...change })).toMatchObject([
        { problem: 'sampled-otherwise', batch: 0 },
      ]);
    },
  );
});

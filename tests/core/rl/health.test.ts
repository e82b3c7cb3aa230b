import { describe, expect, it } from 'vitest';
import { judgeHealth } from '../../../core/rl/health.js';
import type { PpoBatchStats } from '../../../core/rl/ppo-stats.js';

const one = { least: 0, greatest: 0, counts: [1] };

const healthy: PpoBatchStats = {
  batch: 0,
  episodes: 128,
  steps: 128,
  learningRate: 1e-5,
  rewardMean: 0,
  rewardStd: 1,
  rewardMedian: 0,
  rewardQuantiles: [-2, -1, 0, 1, 2],
  rewardHistogram: one,
  rewardNotNegative: 0.5,
  nonScoreReward: -0.1,
  totalReward: -0.1,
  kl: 1,
  klStd: 1,
  klQuantiles: [-1, 0, 1, 2, 3],
  klHistogram: one,
  klCoefficient: 0.1,
  entropy: 4,
  sampledEntropy: 60,
  logProb: -4,
  refLogProb: -4,
  logProbHistogram: one,
  refLogProbHistogram: one,
  policyLoss: 0,
  valueLoss: 1,
  loss: 0.1,
  approxKl: 0.001,
  policyKl: 0.001,
  clipFraction: 0.01,
  valueClipFraction: 0.1,
  ratioMean: 1,
  ratioVariance: 0.01,
  ratioMeanVariance: 0,
  ratioMax: 1.3,
  ratioHistogram: one,
  firstRatioError: 0,
  updateEntropy: 4,
  gradNorm: 1,
  advantageMean: 0,
  advantageStd: 1,
  whitenedAdvantageMean: 0,
  whitenedAdvantageHistogram: one,
  returnMean: 0,
  returnVariance: 1,
  valueMean: 0,
  valueVariance: 0.1,
  valuePrediction: 0,
  valueError: 1,
  explainedVariance: 0.1,
  updateValueError: 1,
  updateExplainedVariance: 0,
  queryTokens: 5,
  queryTokensStd: 0,
  queryTokensHistogram: one,
  responseTokens: 15,
  responseTokensStd: 0,
  responseTokensHistogram: one,
  endTokens: 0,
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
    ['negative-kl', { kl: -0.06, klStd: 0 }],
    ['negative-kl', { kl: -0.72, klStd: 2 }],
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

  // One bound each, from the healthy side: `first` is what the batch is set against.
  it.each([
    ['negative-kl', {}, { kl: -0.05, klStd: 0 }],
    // 128 episodes of standard deviation 2: four standard errors are 4 · 2 / √128 = 0.707.
    ['negative-kl', {}, { kl: -0.7, klStd: 2 }],
    ['ratio-far-from-1', {}, { ratioMax: 10 }],
    ['entropy-collapse', { entropy: 4 }, { entropy: 1 }],
    ['repeated-outputs', { distinctResponses: 0.9 }, { distinctResponses: 0.45 }],
    ['value-loss', { valueLoss: 3 }, { valueLoss: 30 }],
    ['value-loss', { valueLoss: 0.01 }, { valueLoss: 10 }],
    ['kl-run-away', {}, { kl: 15 }],
  ] as const)('judgeHealth does not tell of %s up to its bound', (_problem, start, change) => {
    expect(
      judgeHealth(
        [
          { ...healthy, ...start },
          { ...healthy, batch: 1, ...change },
        ],
        context,
      ),
    ).toEqual([]);
  });

  it('judgeHealth says nothing of how texts were sampled where all tokens were at the temperature of the scores', () => {
    expect(judgeHealth([healthy], { ...context, temperature: 0.7, logProbTemperature: 0.7 })).toEqual([]);
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

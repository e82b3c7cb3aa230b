/** The settings of PPO, of what follows it and of what ends it. */

import { z } from 'zod';
import { count, listOf, rate, share } from './setting-types.js';

const klControl = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed') }),
  z.strictObject({ kind: z.literal('ziegler'), target: rate, horizon: rate }),
  z.strictObject({ kind: z.literal('schulman'), target: rate }),
]);

const stopAt = z.strictObject({
  maxPerplexityRise: z
    .number()
    .min(0)
    .default(0.1)
    .describe('general perplexity may rise by this share; beyond it PPO ends, and no such model is kept'),
  maxKl: rate.exactOptional().describe('PPO ends beyond so many nats a response'),
  patience: count.exactOptional().describe('PPO ends after so many measurements without a lower distance'),
});

export const ppo = z
  .strictObject({
    profile: z
      .enum(['study', 'trl-classic', 'trl-0.11', 'ziegler-2019'])
      .default('study')
      .describe('conventions of an implementation: core/rl/profiles.ts'),
    epochs: listOf(count).describe('PPO epochs; one sweep point each'),
    episodes: count.default(1_280),
    batchSize: count.default(128),
    minibatchSize: count.exactOptional().describe("episodes an optimiser step; the profile's own unless given"),
    queryTokens: count.default(6),
    responseTokens: count.default(15),
    learningRate: rate.default(1.4e-5),
    klCoefficient: z.number().min(0).default(0.1),
    klControl: klControl.default({ kind: 'fixed' }),
    clip: rate.default(0.2),
    valueClip: rate.default(0.2),
    valueCoefficient: rate.default(0.1),
    gamma: share.default(1),
    lambda: share.default(0.95),
    checkpointEveryBatches: count.default(1),
    measureEveryBatches: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('bias and general perplexity are measured after every so many batches, on few sentences; 0: never'),
    measureRepetitions: count.default(1).describe('sentences for each keyword and prompt in such a measurement'),
    stopAt: stopAt
      .exactOptional()
      .describe('ends PPO early and keeps the best model on the way; needs measureEveryBatches'),
  })
  .refine(({ stopAt: rule, measureEveryBatches }) => !rule || measureEveryBatches > 0, {
    error: 'stopAt looks at what is measured along the way: set ppo.measureEveryBatches to 1 or more',
    path: ['stopAt'],
  });

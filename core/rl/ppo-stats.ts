/**
 * What is recorded of every PPO batch. Loss figures are means over all minibatches and epochs of the batch, not the last.
 * `docs/ppo-log.md` says what other implementations call each of them.
 */

import type { Histogram, Quantiles } from './distribution.js';

export interface PpoSample {
  /** Place in the batch, from 0. */
  readonly episode: number;
  readonly query: readonly number[];
  readonly response: readonly number[];
  readonly score: number;
  /** Nats, summed over the response. */
  readonly kl: number;
  /** −β·KL. */
  readonly klPenalty: number;
  /** Score − β·KL. */
  readonly totalReward: number;
}

export interface PpoBatchStats {
  /** From 0. */
  readonly batch: number;
  /** Episodes finished after this batch. */
  readonly episodes: number;
  /** Optimiser steps taken after this batch. */
  readonly steps: number;
  readonly learningRate: number;

  /** Scores of the texts, before the KL price. */
  readonly rewardMean: number;
  readonly rewardStd: number;
  readonly rewardMedian: number;
  readonly rewardQuantiles: Quantiles;
  readonly rewardHistogram: Histogram;
  /** Share of scores ≥ 0. */
  readonly rewardNotNegative: number;
  /** −β·KL an episode, mean. */
  readonly nonScoreReward: number;
  /** Score − β·KL an episode, mean. */
  readonly totalReward: number;

  /** Nats an episode: summed over its tokens, mean over the batch. */
  readonly kl: number;
  readonly klStd: number;
  readonly klQuantiles: Quantiles;
  readonly klHistogram: Histogram;
  /** β used in this batch. */
  readonly klCoefficient: number;
  /** Nats a response token, at rollout time. */
  readonly entropy: number;
  /** Nats an episode: −log π of the sampled tokens, summed over them. */
  readonly sampledEntropy: number;
  /** Mean log-probability of a sampled token under the policy and under the reference. */
  readonly logProb: number;
  readonly refLogProb: number;
  /** Of all sampled tokens. */
  readonly logProbHistogram: Histogram;
  readonly refLogProbHistogram: Histogram;

  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly loss: number;
  /** ½·mean (log π_new − log π_old)². */
  readonly approxKl: number;
  /** mean (log π_old − log π_new). */
  readonly policyKl: number;
  /** Share of tokens with |ratio − 1| > clip. */
  readonly clipFraction: number;
  /** Share of tokens whose clipped value error is the larger one. */
  readonly valueClipFraction: number;
  /** Nats a response token, while updating. */
  readonly updateEntropy: number;
  readonly gradNorm: number;
  readonly ratioMean: number;
  /** Within a minibatch. */
  readonly ratioVariance: number;
  /** Of the minibatches' mean ratios. */
  readonly ratioMeanVariance: number;
  /** Largest ratio of any token in any minibatch. */
  readonly ratioMax: number;
  /** Of every token in every minibatch. */
  readonly ratioHistogram: Histogram;
  /** |ratio − 1| of the first minibatch, largest: 0 but for rounding when sampler, scorer and update agree. */
  readonly firstRatioError: number;

  /** Before whitening. */
  readonly advantageMean: number;
  readonly advantageStd: number;
  /** As the losses see them, in every minibatch. */
  readonly whitenedAdvantageMean: number;
  readonly whitenedAdvantageHistogram: Histogram;
  readonly returnMean: number;
  readonly returnVariance: number;
  readonly valueMean: number;
  readonly valueVariance: number;
  /** Mean value while updating. */
  readonly valuePrediction: number;
  /** mean (value − return)² at rollout time. */
  readonly valueError: number;
  /** 1 − variance(return − value) / variance(return). */
  readonly explainedVariance: number;
  /** mean (value − return)² while updating. */
  readonly updateValueError: number;
  /** 1 − updateValueError / returnVariance: below 0 where values are worse than none. */
  readonly updateExplainedVariance: number;

  /** Mean and standard deviation of the prompts' lengths. */
  readonly queryTokens: number;
  readonly queryTokensStd: number;
  readonly queryTokensHistogram: Histogram;
  /** Mean and standard deviation of the responses' lengths, up to and with their first end of text. */
  readonly responseTokens: number;
  readonly responseTokensStd: number;
  readonly responseTokensHistogram: Histogram;
  /** End-of-text tokens in all responses, those behind a first one included; 0 where the model has none. */
  readonly endTokens: number;
  /** Share of responses with an end-of-text token, which ends the text that is scored; 0 where the model has none. */
  readonly endedResponses: number;
  /** Share of responses that differ from every earlier one of the batch. */
  readonly distinctResponses: number;
  /** A few episodes, see `watchedEpisodes`. */
  readonly samples: readonly PpoSample[];
}

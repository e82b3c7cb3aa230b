/** The settings of one PPO run and their defaults (the study's numbers). Knows no model and no data. */

import type { SessionOptions } from '../backends/index.js';
import type { KlController } from './kl-controller.js';
import type { PpoProfileName } from './profiles.js';

export interface PpoSettings extends SessionOptions {
  readonly profile: PpoProfileName;
  /** Passes over each rollout batch. */
  readonly ppoEpochs: number;
  /** Episodes in the run; a multiple of `batchSize`. */
  readonly episodes: number;
  /** Episodes a rollout batch. */
  readonly batchSize: number;
  /** Tokens a response, always exactly this many; an end-of-text token does not stop it. T */
  readonly responseTokens: number;
  readonly learningRate: number;
  /** Policy ratio is clipped to 1 ± this. */
  readonly clip: number;
  /** New values are clipped to the rollout values ± this. */
  readonly valueClip: number;
  /** Weight of the value loss. */
  readonly valueCoefficient: number;
  readonly gamma: number;
  readonly lambda: number;
  readonly klController: KlController;
  /** Rollouts choose among this many likeliest tokens; 0 = all, the only choice whose KL estimate is unbiased. */
  readonly topK: number;
  /** Gradients are scaled to this norm where they exceed it; 0 = never. */
  readonly maxGradNorm: number;
  readonly adamBetas: readonly [number, number];
  readonly seed: number;
  /** A checkpoint after every so many batches; the last batch always gives one. */
  readonly checkpointEvery: number;
  /** Rows a run of the rollout programs: bounds the memory of the logits. */
  readonly rolloutRows: number;
  /** Most optimiser steps in one session run, which progress and cancelling wait for; left out, a few seconds' worth. */
  readonly stepsPerRun?: number;
  /** Sampling temperature of rollouts; left out, that of the profile's log-probabilities. */
  readonly temperature?: number;
  /** Overrides of what the profile says. */
  readonly minibatchSize?: number;
  readonly logProbTemperature?: number;
  readonly valueActivation?: 'none' | 'tanh';
  readonly valueOffset?: 0 | 1;
  readonly valueDropout?: number;
}

export const defaultPpoSettings: PpoSettings = {
  profile: 'trl-classic',
  ppoEpochs: 4,
  episodes: 1280,
  batchSize: 128,
  responseTokens: 15,
  learningRate: 1.4e-5,
  clip: 0.2,
  valueClip: 0.2,
  valueCoefficient: 0.1,
  gamma: 1,
  lambda: 0.95,
  klController: { kind: 'fixed', coefficient: 0.1 },
  topK: 0,
  maxGradNorm: 0,
  adamBetas: [0.9, 0.999],
  seed: 0,
  threads: 1,
  checkpointEvery: 1,
  rolloutRows: 32,
};

/** Settings that training starts from unless told otherwise. */

import { adamDefaults } from '../optim/adam.js';
import type { TrainingSettings } from './training-types.js';

/** The study's settings where it states them (epochs, batch, warm-up, evaluation), Transformers' defaults for the rest. */
export const trainingDefaults: TrainingSettings = {
  epochs: 10,
  batchSize: 32,
  maxTokens: 64,
  peakLr: 5e-5,
  warmupSteps: 500,
  weightDecay: 0.01,
  clipNorm: 1,
  adam: adamDefaults,
  evaluateEvery: 400,
  checkpointEvery: 0,
  stepsPerRun: 8,
  patience: 0,
  keepBest: false,
  dropout: false,
  accumulationSteps: 1,
  recompute: false,
  seed: 0,
  threads: 1,
};

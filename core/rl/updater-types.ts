/** What takes PPO's optimiser steps, wherever the optimiser runs: what it is given, and what it answers. Plain types. */

import type { Parameters } from '../nn/index.js';
import type { UpdateGraphOptions } from './update-graph.js';
import type { StepReport } from './update-stats.js';

/** What optimiser steps change. */
export interface TrainingState {
  /** Optimiser steps taken. */
  readonly step: number;
  /** Policy and value head (`value_weight` [C], `value_bias` []). */
  readonly params: Parameters;
  /** Adam's first and second moments, as the sums of `AdamState`, by the same names. */
  readonly m: Parameters;
  readonly v: Parameters;
}

/** One minibatch of M rows. */
export interface Minibatch {
  readonly tokens: Int32Array; // [M·(Q + T)]
  readonly mask: Int32Array; // [M·(Q + T)]
  readonly oldLogProbs: Float32Array; // [M·T]
  readonly oldValues: Float32Array; // [M·T]
  readonly advantages: Float32Array; // [M·T]
  readonly returns: Float32Array; // [M·T]
}

export interface PolicyUpdater {
  /** Sets the state that the next step starts from. */
  load(state: TrainingState): void;
  /** Takes K steps, one for each of K minibatches. The state stays on the device. */
  update(minibatches: readonly Minibatch[], learningRate: number): Promise<StepReport>;
  /** A copy of policy and value head. */
  params(): Promise<Parameters>;
  /** A copy of Adam's moments. */
  moments(): Promise<Pick<TrainingState, 'm' | 'v'>>;
  release(): Promise<void>;
}

export interface PolicyUpdaterOptions extends UpdateGraphOptions {
  /** Of dropout. */
  readonly seed: number;
}

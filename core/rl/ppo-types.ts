/** What goes into a PPO run, what comes out, and what a checkpoint holds: plain data and two callbacks. */

import type { Gpt2Config, Parameters } from '../nn/index.js';
import type { ReportProgress } from '../progress.js';
import type { HealthFlag } from './health.js';
import type { PpoTiming } from './phase-seconds.js';
import type { TrainingState } from './updater-types.js';
import type { PpoSettings } from './ppo-settings.js';
import type { PpoBatchStats } from './ppo-stats.js';
import type { Following, KeptModel, StoppedRun, TrajectoryPoint } from './trajectory-types.js';

/** One score an episode, in the order given. The scorer may turn tokens into text and use another tokenizer. */
export type ScoreResponses = (
  responses: readonly (readonly number[])[], // [B][T]
  queries: readonly (readonly number[])[],
) => Promise<Float32Array>;

/** Everything that the next batch depends on, after `batch` finished batches. All randomness is counted by batch. */
export interface PpoState extends TrainingState {
  /** Batches finished. */
  readonly batch: number;
  readonly klCoefficient: number;
  readonly curve: readonly PpoBatchStats[];
  /** Where the run is followed. */
  readonly trajectory?: readonly TrajectoryPoint[];
  /** Where the best model on the way is kept. */
  readonly kept?: KeptModel;
}

/** Between batches the moments stay where the updater has them. */
export type RunningState = Omit<PpoState, 'm' | 'v'>;

export interface PpoHooks {
  /** After each rollout and each session run of updates. */
  readonly progress?: ReportProgress;
  /** Every `checkpointEvery` batches and after the last. The state is not changed afterwards. */
  readonly checkpoint?: (state: PpoState) => Promise<void>;
  /** Before the checkpoint of the same batch. */
  readonly timing?: PpoTiming;
}

export interface TrainPpoInput {
  readonly config: Gpt2Config;
  /** The fine-tuned model that PPO starts from, by Hugging Face names. */
  readonly policy: Parameters;
  /** The model that the KL penalty holds on to. */
  readonly reference: Parameters;
  /** Prompts as token ids, each of one token or more; shorter ones are padded on the left. */
  readonly queries: readonly (readonly number[])[];
  readonly settings: PpoSettings;
  readonly score: ScoreResponses;
  readonly hooks?: PpoHooks;
  /** Measures the policy every few batches. */
  readonly following?: Following;
  /** A state that `hooks.checkpoint` gave, of a run with the same input. */
  readonly resumeFrom?: PpoState;
}

export interface TrainPpoResult {
  /** The trained policy, by Hugging Face names. */
  readonly policy: Parameters;
  /** `value_weight` [C] and `value_bias` []. */
  readonly valueHead: Parameters;
  /** One entry a batch. */
  readonly curve: readonly PpoBatchStats[];
  /** Empty where the run was not followed. */
  readonly trajectory: readonly TrajectoryPoint[];
  /** Where the best model on the way was kept. */
  readonly stopped?: StoppedRun;
  /** What looked wrong, in plain words; empty for a healthy run. */
  readonly health: readonly HealthFlag[];
}

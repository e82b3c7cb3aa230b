/** What takes the steps of a training session, wherever its optimizer runs: what it is given, and what it answers. Plain types. */

import type { Precision, SessionOptions } from '../backends/index.js';
import type { Parameters } from '../nn/parameters.js';
import type { AdamSettings, LinearSchedule, LossScaleSettings } from '../optim/index.js';
import type { HostTensor } from '../tensor.js';
import type { LossScaling } from './loss-scaling.js';

export interface TrainingSessionSettings extends SessionOptions {
  readonly batchSize: number;
  readonly schedule: LinearSchedule;
  readonly adam: AdamSettings;
  readonly weightDecay: number;
  /** Gradients are scaled to this global norm where they exceed it; 0 = never. */
  readonly clipNorm: number;
  /** Drop at the rates of the model's configuration, by masks drawn from `seed`. Default: no dropout. */
  readonly dropout?: { readonly seed: number };
  /** @see StepSettings */
  readonly accumulationSteps?: number;
  readonly recompute?: boolean;
  readonly precision?: Precision;
  readonly lossScale?: LossScaleSettings;
}

/** One step's inputs, by the objective's names. */
export type HostBatch = Readonly<Record<string, HostTensor<'int32'>>>;

export interface RunOutcome {
  readonly losses: Float32Array; // [K]
  readonly gradientNorms: Float32Array; // [K]
  readonly lrs: Float32Array; // [K]
  /** 0 where the gradients were not finite in float16, so that the step changed nothing but the loss scale; else 1. */
  readonly applied: Float32Array; // [K]
  /** After each step, in float16. */
  readonly lossScales: Float32Array; // [K] or [0]
}

/** What the next step starts from. */
export interface TrainingStart {
  readonly params: Parameters;
  /** Moments start at 0 when left out. */
  readonly m?: Parameters;
  readonly v?: Parameters;
  /** In float16; at its first value when left out. */
  readonly lossScaling?: LossScaling;
}

/** Parts of an optimizer's state. */
export type StatePart = 'parameter' | 'm' | 'v';

export interface Stepper {
  /** In float16. */
  readonly lossScaling: LossScaling | undefined;
  /** Takes one step a batch, all padded to `tokens`; the first is step `stepsTaken + 1`. */
  run(batches: readonly HostBatch[], tokens: number, stepsTaken: number): Promise<RunOutcome>;
  /** Copies, by the parameters' names. */
  part(part: StatePart): Promise<Parameters>;
  release(): Promise<void>;
}

/** What a training run is given, what it keeps, what it gives back. Plain data, no behaviour. */

import type { Device, Precision } from '../backends/index.js';
import type { Parameters } from '../nn/parameters.js';
import type { AdamSettings } from '../optim/adam.js';
import type { ReportProgress } from '../progress.js';
import type { LossScaling } from './loss-scaling.js';

export interface TrainingSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /** Longer texts are cut. */
  readonly maxTokens: number;
  readonly peakLr: number;
  readonly warmupSteps: number;
  /** On parameters of two and more dimensions. */
  readonly weightDecay: number;
  /** Gradients are scaled to this global norm where they exceed it; 0 = never. */
  readonly clipNorm: number;
  readonly adam: AdamSettings;
  /** Steps between evaluations; 0 evaluates at the end of each epoch. */
  readonly evaluateEvery: number;
  /** Steps between checkpoints; 0 keeps them at evaluations. Neither changes the result. */
  readonly checkpointEvery: number;
  /** Steps taken in a row, where an epoch has that many alike: progress, evaluation and cancellation wait for their end. */
  readonly stepsPerRun: number;
  /** Stop after this many evaluations in a row without a lower validation loss; 0 never stops. */
  readonly patience: number;
  /** Give back the parameters of the lowest validation loss instead of the last. */
  readonly keepBest: boolean;
  /** Dropout at the rates of the model's configuration. */
  readonly dropout: boolean;
  /**
   * Parts that each batch is read in, one after another: a divisor of `batchSize`. The step is that of the whole batch, up to
   * rounding; the memory of activations is a part's.
   */
  readonly accumulationSteps: number;
  /** Compute each block a second time for its gradients, and keep only its input until then: less memory, a third more work. */
  readonly recompute: boolean;
  readonly seed: number;
  readonly threads: number;
  /** Default `cpu`. */
  readonly device?: Device;
  /** `float16` computes the model in it and scales the loss; parameters, moments and evaluations stay float32. Default `float32`. */
  readonly precision?: Precision;
}

/** Means over those steps of one session run that were taken, at its last step; none where none was. */
export interface CurvePoint {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly lr: number;
  /** After the run, in float16. */
  readonly lossScale?: number;
}

/** Figures of the validation texts after `step` steps: `loss`, and `perplexity` or `accuracy`. */
export interface EvaluationPoint {
  readonly step: number;
  readonly epoch: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Everything that the next step depends on. */
export interface TrainingState {
  /** Steps taken. */
  readonly step: number;
  /** Epoch of the next run, from 0, and that run's number in the epoch's order. */
  readonly epoch: number;
  readonly run: number;
  readonly params: Parameters;
  /** Adam's first and second moments, as the sums of `AdamState`, by the parameters' names. */
  readonly m: Parameters;
  readonly v: Parameters;
  /** In float16. */
  readonly lossScaling?: LossScaling;
  readonly curve: readonly CurvePoint[];
  readonly evaluations: readonly EvaluationPoint[];
  /** The best evaluation so far, when `keepBest` or `patience` asks for it. */
  readonly best?: { readonly step: number; readonly loss: number; readonly params: Parameters };
}

export interface TrainingHooks {
  /** After each session run. */
  readonly progress?: ReportProgress;
  /** The state is not changed afterwards. */
  readonly checkpoint?: (state: TrainingState) => Promise<void>;
}

export interface TrainingResult {
  readonly params: Parameters;
  /** Batches learned from; fewer than planned after an early stop. */
  readonly steps: number;
  readonly curve: readonly CurvePoint[];
  readonly evaluations: readonly EvaluationPoint[];
}

/** The loss became infinite or not a number: the parameters of this step are not kept. */
export class LossDivergedError extends Error {
  override readonly name = 'LossDivergedError';
  constructor(
    readonly step: number,
    readonly loss: number,
  ) {
    super(
      `training: expected a finite loss at step ${step}, got ${loss}; lower the stage's learningRate or look for broken texts`,
    );
  }
}

/** Gradients stay infinite or not a number in float16, however small the loss is scaled. */
export class LossScaleExhaustedError extends Error {
  override readonly name = 'LossScaleExhaustedError';
  constructor(
    readonly step: number,
    readonly lossScale: number,
    readonly loss: number,
  ) {
    super(
      `training: expected finite gradients in float16 at a loss scale of 1 or more, got none down to ${lossScale} at step ` +
        `${step} (loss ${loss}); lower the learning rate or set compute.precision to float32`,
    );
  }
}

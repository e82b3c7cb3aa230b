/** What is measured of a policy along PPO, when, and what it may end: plain data and one callback. */

import type { Parameters } from '../nn/index.js';

/** What a policy makes of one prompt. */
export interface ObservedSentence {
  readonly prompt: string;
  /** The prompt with what was written after it. */
  readonly text: string;
  /** By whatever measures the bias. */
  readonly score: number;
}

/** What a policy was found to be like. */
export interface Observation {
  /** Mean pairwise distance by group. */
  readonly distance: Readonly<Record<string, number>>;
  /** What sampling noise alone gives, by group. */
  readonly floor: Readonly<Record<string, number>>;
  readonly generalPerplexity?: number;
  /** A few of the sentences: the same prompts under the same random numbers in every measurement. */
  readonly sentences?: readonly ObservedSentence[];
}

export interface TrajectoryPoint extends Observation {
  /** Batches finished; 0 is the model that PPO starts from. */
  readonly batch: number;
  readonly episodes: number;
  /** Nats a response, in the batch before. */
  readonly kl?: number;
  /** Mean score of the batch before. */
  readonly reward?: number;
}

/** Bounds on the way; each holds by itself. Nothing here knows what bias was planted. */
export interface StopRule {
  /** Stop when general perplexity is worse than at the start by more than this, 0.1 = 10 %. Bounds what may be kept, too. */
  readonly maxPerplexityRise: number;
  /** Stop when the batch before went further than this from the reference, in nats a response. */
  readonly maxKl?: number;
  /** Stop when so many measurements in a row found no lower distance. */
  readonly patience?: number;
}

export interface Following {
  /** Batches from one measurement to the next; start and end are measured in any case. */
  readonly everyBatches: number;
  /** Must give the same figures for the same parameters, or a resumed run would differ. */
  readonly measure: (policy: Parameters) => Promise<Observation>;
  /** Without it all batches are trained and the last model is the result. */
  readonly stopAt?: StopRule;
}

/** The model to keep so far. */
export interface KeptModel {
  readonly batch: number;
  /** Policy and value head. */
  readonly params: Parameters;
}

/** How the run ended, where the best model was to be kept. */
export interface StoppedRun {
  /** Batches trained. */
  readonly batch: number;
  /** Batch after which the result was taken. */
  readonly kept: number;
  /** Absent where all batches were trained. */
  readonly reason?: string;
}

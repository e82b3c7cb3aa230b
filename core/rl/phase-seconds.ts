/** How long the parts of a PPO batch take, by a clock that is given. What it says is shown and never compared. */

/** In the order in which they come. */
export const ppoPhases = [
  /** A response to each prompt. */
  'generation',
  /** The reward model's scores. */
  'reward',
  /** Log-probabilities, values and entropy under the policy, where they are not read as responses are drawn. */
  'policyForward',
  /** Log-probabilities under the reference. */
  'referenceForward',
  /** Token rewards, advantages, returns, minibatches. */
  'advantages',
  /** All optimiser steps of all epochs. */
  'optimisation',
  /** The batch's entry of the curve. */
  'statistics',
  /** Bias and general perplexity along the way, where the run is followed. */
  'measurement',
] as const;

export type PpoPhase = (typeof ppoPhases)[number];

export interface BatchSeconds {
  /** From 0. */
  readonly batch: number;
  /** Episodes of the batch. */
  readonly episodes: number;
  readonly phases: { readonly [P in PpoPhase]: number };
  /** From the first phase to the last, what lies between them included; without checkpoints. */
  readonly total: number;
}

export interface PpoTiming {
  /** Seconds since any moment; never goes back. */
  readonly clock: () => number;
  /** After each batch. Must not find its way into a result: two runs of the same input differ in it. */
  readonly record: (seconds: BatchSeconds) => void;
}

/** Times one batch; without a clock it only does the work. */
export class BatchStopwatch {
  readonly #phases = { ...zeroSeconds };
  readonly #startedAt: number;

  constructor(private readonly timing?: PpoTiming) {
    this.#startedAt = timing?.clock() ?? 0;
  }

  async time<T>(phase: PpoPhase, work: () => T | Promise<T>): Promise<T> {
    if (!this.timing) return work();
    const startedAt = this.timing.clock();
    const done = await work();
    this.#phases[phase] += this.timing.clock() - startedAt;
    return done;
  }

  /** Tells what the batch took. */
  finish(batch: number, episodes: number): void {
    const total = (this.timing?.clock() ?? 0) - this.#startedAt;
    this.timing?.record({ batch, episodes, phases: { ...this.#phases }, total });
  }
}

const zeroSeconds: { readonly [P in PpoPhase]: number } = {
  generation: 0,
  reward: 0,
  policyForward: 0,
  referenceForward: 0,
  advantages: 0,
  optimisation: 0,
  statistics: 0,
  measurement: 0,
};

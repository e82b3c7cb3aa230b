/** A training run's steps and their state. Knows neither epochs nor evaluation. */

import { bindsMemory } from '../backends/index.js';
import type { Parameters } from '../nn/parameters.js';
import type { Objective } from './objective.js';
import type { HostBatch, RunOutcome, Stepper, TrainingSessionSettings, TrainingStart } from './steps.js';
import { GraphSteps } from './steps-in-graph.js';
import { MemorySteps } from './steps-in-memory.js';

export class TrainingSession {
  readonly #steps: Stepper;

  /** @throws AdamMemoryError */
  constructor(objective: Objective, settings: TrainingSessionSettings, start: TrainingStart) {
    // In float16 the graph decides whether a step counts.
    const inMemory = bindsMemory(settings) && settings.precision !== 'float16';
    this.#steps = new (inMemory ? MemorySteps : GraphSteps)(objective, settings, start);
  }

  /** Takes one step a batch, all padded to `tokens`; the first is step `stepsTaken + 1`. */
  run(batches: readonly HostBatch[], tokens: number, stepsTaken: number): Promise<RunOutcome> {
    return this.#steps.run(batches, tokens, stepsTaken);
  }

  /** Copies of the parameters and moments, by the parameters' names, and in float16 where the loss scale stands. */
  async state(): Promise<Required<Omit<TrainingStart, 'lossScaling'>> & Pick<TrainingStart, 'lossScaling'>> {
    const { lossScaling } = this.#steps;
    return {
      params: await this.params(),
      m: await this.#steps.part('m'),
      v: await this.#steps.part('v'),
      ...(lossScaling && { lossScaling }),
    };
  }

  params(): Promise<Parameters> {
    return this.#steps.part('parameter');
  }

  release(): Promise<void> {
    return this.#steps.release();
  }
}

/** Follows the stages of one workflow for its progress query. Knows nothing of what a stage does. */

import { ApplicationFailure, isCancellation, rootCause, setHandler } from '@temporalio/workflow';
import type { StageOutcome } from '../activities/stage.js';
import type { StageProgress } from '../activities/stage-progress.js';
import { progressQuery } from './messages.js';

export class StageList {
  readonly #stages: StageProgress[];
  readonly #children: string[] = [];

  constructor(names: readonly string[]) {
    this.#stages = names.map((name) => ({ name, status: 'waiting' }));
    setHandler(progressQuery, () => ({ stages: this.#stages, children: this.#children }));
  }

  /** Runs one stage and keeps its outcome. */
  async run<R>(name: string, work: () => Promise<StageOutcome<R>>): Promise<R> {
    this.#set({ name, status: 'running' });
    try {
      const { result, key, digest, reused, seconds } = await work();
      this.#set({ name, status: 'done', key, digest, reused, seconds });
      return result;
    } catch (error) {
      this.#set({
        name,
        status: 'failed',
        problem: isCancellation(error) ? 'cancelled' : (rootCause(error) ?? String(error)),
      });
      throw error;
    }
  }

  addChild(workflowId: string): void {
    this.#children.push(workflowId);
  }

  /** The stages that are done, in order. */
  done(): StageProgress[] {
    return this.#stages.filter(({ status }) => status === 'done');
  }

  #set(stage: StageProgress): void {
    const index = this.#stages.findIndex(({ name }) => name === stage.name);
    if (index < 0)
      throw ApplicationFailure.nonRetryable(
        `StageList: expected one of ${this.#stages.map(({ name }) => name).join(', ')}, got ${stage.name}`,
      );
    this.#stages[index] = stage;
  }
}

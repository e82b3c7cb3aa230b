/** Follows the stages of one workflow for its progress query. Knows nothing of what a stage does. */

import { ApplicationFailure, isCancellation, rootCause, setHandler } from '@temporalio/workflow';
import type { StageOutcome } from '../activities/stage.js';
import type { StageProgress } from '../activities/stage-progress.js';
import { progressQuery } from './messages.js';

interface WithStages {
  readonly stages: readonly StageProgress[];
  readonly missing?: readonly unknown[];
}

export interface FollowedChild {
  readonly workflowId: string;
  readonly label: string;
  /** Sweep points that it works for. */
  readonly points: number;
}

export class StageList {
  readonly #of: { readonly point?: string };
  readonly #stages: StageProgress[];
  /** Of children that have ended, in the order in which they began: that in which they end is another in every run. */
  readonly #ended: StageProgress[][] = [];
  readonly #children = new Set<string>();
  readonly #points = { total: 0, done: 0, failed: 0 };

  /** @param point label of the sweep point whose stages these are */
  constructor(names: readonly string[], point?: string) {
    this.#of = point === undefined ? {} : { point };
    this.#stages = names.map((name) => ({ name, status: 'waiting', ...this.#of }));
    setHandler(progressQuery, () => ({
      stages: this.all(),
      children: [...this.#children],
      ...(this.#points.total > 0 ? { points: { ...this.#points } } : {}),
    }));
  }

  /** Runs one stage and keeps its outcome. */
  async run<R>(name: string, work: () => Promise<StageOutcome<R>>): Promise<R> {
    this.#set({ name, status: 'running', ...this.#of });
    try {
      const { result, key, digest, reused, seconds } = await work();
      this.#set({ name, status: 'done', ...this.#of, key, digest, reused, seconds });
      return result;
    } catch (error) {
      this.#set({
        name,
        status: 'failed',
        ...this.#of,
        problem: problemOf(error),
      });
      throw error;
    }
  }

  /** How many sweep points there will be. */
  expectPoints(total: number): void {
    this.#points.total = total;
  }

  /** Follows a child that works for `points` sweep points; once it has ended, its stages are told from here. */
  async follow<R extends WithStages>({ workflowId, label, points }: FollowedChild, work: () => Promise<R>): Promise<R> {
    this.#children.add(workflowId);
    const ended: StageProgress[] = [];
    this.#ended.push(ended);
    try {
      const result = await work();
      ended.push(...result.stages);
      const failed = result.missing?.length ?? 0;
      this.#points.done += points - failed;
      this.#points.failed += failed;
      return result;
    } catch (error) {
      ended.push({
        name: label,
        status: 'failed',
        problem: problemOf(error),
        ...(points === 1 ? { point: label } : {}),
      });
      this.#points.failed += points;
      throw error;
    } finally {
      this.#children.delete(workflowId);
    }
  }

  /** This workflow's own stages and those of children that have ended, in the order in which these began. */
  all(): StageProgress[] {
    return [...this.#stages, ...this.#ended.flat()];
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

function problemOf(error: unknown): string {
  return isCancellation(error) ? 'cancelled' : (rootCause(error) ?? String(error));
}

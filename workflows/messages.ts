/** What can be asked of a running workflow, and the shape of its answer. */

import { defineQuery } from '@temporalio/workflow';
import type { StageProgress } from '../activities/stage-progress.js';

export interface PointCounts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
}

export interface WorkflowProgress {
  readonly stages: readonly StageProgress[];
  /** Ids of child workflows that are under way. */
  readonly children: readonly string[];
  /** Sweep points of this workflow and of children that have ended. */
  readonly points?: PointCounts;
}

export const progressQuery = defineQuery<WorkflowProgress>('progressQuery');

/** What can be asked of a running workflow, and the shape of its answer. */

import { defineQuery } from '@temporalio/workflow';
import type { StageProgress } from '../activities/stage-progress.js';

export interface WorkflowProgress {
  readonly stages: readonly StageProgress[];
  /** Sweep points of a pipeline, by workflow id. */
  readonly children: readonly string[];
}

export const progressQuery = defineQuery<WorkflowProgress>('progressQuery');

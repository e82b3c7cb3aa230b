/** All points that share one fine-tuned model: a child workflow each, a few at a time. */

import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  executeChild,
  ParentClosePolicy,
  rootCause,
  workflowInfo,
} from '@temporalio/workflow';
import type { MissingPoint, UpstreamResults } from '../activities/study-results.js';
import type { StudyInputs, SweepPoint } from '../activities/study.js';
import { ppoWorkflow, type PpoWorkflowResult } from './ppo.js';
import type { Queues } from './queues.js';
import { settleAll } from './settle.js';
import type { StageList } from './stage-list.js';

export interface SweepInput {
  readonly study: StudyInputs;
  readonly points: readonly SweepPoint[];
  readonly queues: Queues;
  /** Points in progress at once; all of them where absent. */
  readonly parallel?: number;
}

export interface SweepOutcome {
  readonly members: readonly PpoWorkflowResult[];
  readonly missing: readonly MissingPoint[];
}

/** How a child of this workflow ends with it. */
export const childOptions = {
  parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

export function reasonOf(error: unknown): string {
  return rootCause(error) ?? String(error);
}

/** A cancelled study must end as cancelled, not as a study whose points are all missing. */
export function throwIfCancelled(error: unknown): void {
  if (CancellationScope.current().consideredCancelled) throw error;
}

/** A point that fails is named and the others go on. */
export async function runSweep(
  stages: StageList,
  { study, points, queues, parallel = points.length }: SweepInput,
  upstream: UpstreamResults,
): Promise<SweepOutcome> {
  const { workflowId } = workflowInfo();
  const { clean, finetune, sentiment, reward } = upstream;
  const shared = { model: finetune.model, texts: clean.texts, reward, sentimentModel: sentiment.model };
  stages.expectPoints(points.length);
  const settled = await settleAll(points, parallel, async (point) => {
    const childId = `${workflowId}/${point.id ?? `ppo-${point.epochs}-seed-${point.seed}`}`;
    return stages.follow({ workflowId: childId, label: point.label, points: 1 }, () =>
      executeChild(ppoWorkflow, {
        workflowId: childId,
        args: [{ study, point, queues, ...shared }],
        ...childOptions,
      }),
    );
  });
  const failed = settled.find((outcome) => outcome.status === 'rejected');
  if (failed) throwIfCancelled(failed.reason);
  return {
    members: settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    missing: settled.flatMap((outcome, index) => {
      const point = points[index];
      return outcome.status === 'rejected' && point ? [{ ...point, reason: reasonOf(outcome.reason) }] : [];
    }),
  };
}

/** @throws ApplicationFailure SweepFailedError, naming why of each, where no point has a result */
export function requireMembers({ members, missing }: SweepOutcome): void {
  if (members.length > 0) return;
  throw ApplicationFailure.nonRetryable(
    `every sweep point failed: ${missing.map(({ label, reason }) => `${label}: ${reason}`).join('; ')}`,
    'SweepFailedError',
  );
}

/** Reads how far a run is: stages from the workflows' queries, live figures from the activities' heartbeats. */

import { arrayFromPayloads, defaultPayloadConverter } from '@temporalio/common';
import { WorkflowNotFoundError, type Client, type WorkflowExecutionStatusName } from '@temporalio/client';
import type { ActivityProgress } from '../activities/heartbeat.js';
import type { StageProgress } from '../activities/stage-progress.js';
import { progressQuery, type PointCounts, type WorkflowProgress } from '../workflows/messages.js';

export interface LiveActivity extends ActivityProgress {
  /** Workflow that the activity belongs to. */
  readonly workflowId: string;
  /** Name of the stage among all of the run; that of its activity until the workflow tells. */
  readonly name: string;
  readonly attempt: number;
  /** Why the attempt before this one failed. */
  readonly lastFailure?: string;
}

export interface RunSnapshot {
  readonly status: WorkflowExecutionStatusName | 'NOT_FOUND';
  readonly stages: readonly StageProgress[];
  readonly activities: readonly LiveActivity[];
  /** What has become of the sweep points, once there are any. */
  readonly points?: PointCounts;
}

const queryPatienceMs = 3_000;

async function queryProgress(client: Client, workflowId: string): Promise<WorkflowProgress> {
  try {
    // A query needs a worker; while there is none, the description below still tells what waits.
    return await client.withDeadline(Date.now() + queryPatienceMs, () =>
      client.workflow.getHandle(workflowId).query(progressQuery),
    );
  } catch {
    return { stages: [], children: [] };
  }
}

/** How a workflow stands on the server, without what runs below it. */
export async function workflowStatus(client: Client, workflowId: string): Promise<RunSnapshot['status']> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'NOT_FOUND';
    throw error;
  }
}

async function describeWorkflow(
  client: Client,
  workflowId: string,
): Promise<Pick<RunSnapshot, 'status' | 'activities'>> {
  try {
    const { status, raw } = await client.workflow.getHandle(workflowId).describe();
    // One that waits for a free slot has nothing to show yet.
    const begun = (raw.pendingActivities ?? []).filter(
      (pending) => pending.heartbeatDetails || (pending.attempt ?? 1) > 1,
    );
    const activities = begun.map((pending): LiveActivity => {
      const [progress] = arrayFromPayloads(defaultPayloadConverter, pending.heartbeatDetails?.payloads) as (
        | ActivityProgress
        | undefined
      )[];
      return {
        stage: pending.activityType?.name ?? 'activity',
        name: progress?.stage ?? pending.activityType?.name ?? 'activity',
        ...progress,
        workflowId,
        attempt: pending.attempt ?? 1,
        ...(pending.lastFailure?.message ? { lastFailure: pending.lastFailure.message } : {}),
      };
    });
    return { status: status.name, activities };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { status: 'NOT_FOUND', activities: [] };
    throw error;
  }
}

interface Branch extends Pick<RunSnapshot, 'status' | 'activities'> {
  readonly progress: WorkflowProgress;
  readonly children: readonly Branch[];
}

/** A workflow and everything under way below it. */
async function takeBranch(client: Client, workflowId: string): Promise<Branch> {
  const [own, progress] = await Promise.all([describeWorkflow(client, workflowId), queryProgress(client, workflowId)]);
  // A workflow has one stage at a time.
  const running = progress.stages.find(({ status }) => status === 'running');
  const activities = own.activities.map((activity) => ({ ...activity, name: running?.name ?? activity.name }));
  const children = await Promise.all(progress.children.map((id) => takeBranch(client, id)));
  return { ...own, activities, progress, children };
}

function flatten(branch: Branch): Branch[] {
  return [branch, ...branch.children.flatMap(flatten)];
}

/** Points of the whole run: the main workflow knows how many, those below it what has become of theirs. */
function countPoints([main, ...below]: readonly Branch[]): Pick<RunSnapshot, 'points'> {
  const points = main?.progress.points;
  if (!points) return {};
  const sum = (key: 'done' | 'failed') =>
    below.reduce((total, { progress }) => total + (progress.points?.[key] ?? 0), points[key]);
  return { points: { total: points.total, done: sum('done'), failed: sum('failed') } };
}

/** The run and its sweep points at this moment; the comparison stands last, as it comes last. */
export async function takeSnapshot(client: Client, workflowId: string): Promise<RunSnapshot> {
  const main = await takeBranch(client, workflowId);
  const branches = flatten(main);
  const stages = branches.flatMap(({ progress }) => progress.stages);
  return {
    status: main.status,
    stages: [...stages.filter(({ name }) => name !== 'compare'), ...stages.filter(({ name }) => name === 'compare')],
    activities: branches.flatMap(({ activities }) => activities),
    ...countPoints(branches),
  };
}

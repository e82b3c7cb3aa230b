/** `debias status`: how far a run is, from the server when one runs, else from what the data folder noted. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { readEnvironment } from '../../config/environment.js';
import { createLogger } from '../../infra/logger.js';
import { createLiveView, describeActivity } from '../live-view.js';
import { workflowIdOf } from '../paths.js';
import { takeSnapshot, workflowStatus, type RunSnapshot } from '../progress-snapshot.js';
import { findRun, listRuns, type RunRecord } from '../run-record.js';
import { stateOf } from '../run-state.js';
import { attach } from '../session.js';
import { stageLines } from '../stage-lines.js';

export interface StatusOptions {
  readonly watch?: boolean | undefined;
  readonly json?: boolean | undefined;
}

function describe(run: RunRecord, snapshot: RunSnapshot | undefined): string {
  const stages = snapshot ? stageLines(snapshot) : [];
  const activities = (snapshot?.activities ?? []).map(
    (activity) => `    ${activity.name}: ${describeActivity(activity)}`,
  );
  return [
    `${run.runId}: ${stateOf(run, snapshot?.status)}`,
    ...(run.problem ? [`  ${run.problem}`] : []),
    ...stages,
    ...activities,
  ].join('\n');
}

async function otherLine(run: RunRecord, client: Client | undefined): Promise<string> {
  return `${run.runId}: ${stateOf(run, client && (await workflowStatus(client, workflowIdOf(run.runId))))}`;
}

async function watch(client: Client, run: RunRecord): Promise<void> {
  const view = createLiveView(createLogger({ level: 'info' }));
  for (;;) {
    const snapshot = await takeSnapshot(client, workflowIdOf(run.runId));
    view.show(snapshot);
    if (snapshot.status !== 'RUNNING') break;
    await sleep(500);
  }
  view.close();
}

export async function showStatus(runId: string | undefined, options: StatusOptions): Promise<void> {
  const environment = readEnvironment();
  const run = findRun(environment.home, runId);
  const attached = await attach(environment);
  try {
    if (options.watch && attached) await watch(attached.client, run);
    const snapshot = attached ? await takeSnapshot(attached.client, workflowIdOf(run.runId)) : undefined;
    const others = listRuns(environment.home).filter((other) => runId === undefined && other.runId !== run.runId);
    const otherLines = await Promise.all(others.map((other) => otherLine(other, attached?.client)));
    if (options.json) process.stdout.write(`${JSON.stringify({ ...run, ...snapshot })}\n`);
    else process.stdout.write(`${[describe(run, snapshot), ...otherLines].join('\n')}\n`);
  } finally {
    await attached?.close();
  }
}

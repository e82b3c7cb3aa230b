/** `debias cancel`: ends a run for good; what its stages finished stays and serves the next run. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { readEnvironment } from '../../config/environment.js';
import { terminateTree } from '../end-workflow.js';
import { inDataFolder } from '../interruption.js';
import { workflowIdOf } from '../paths.js';
import { workflowStatus } from '../progress-snapshot.js';
import { findRun, writeRunRecord, type RunRecord } from '../run-record.js';
import { stateOf } from '../run-state.js';
import { attach, openSession } from '../session.js';

/** How long a worker, where there is one, may take to wind the run up. */
const workerPatienceMs = 15_000;
const answerPatienceMs = 3_000;
const intervalMs = 200;

function sayNothingToCancel(run: RunRecord, status?: Parameters<typeof stateOf>[1]): void {
  process.stdout.write(`${run.runId} is ${stateOf(run, status)}; there is nothing to cancel\n`);
}

/** Resolves when the run has ended or the patience has. The run's own command may note the end and take its server along. */
async function waitForEnd(client: Client, home: string, { runId }: RunRecord): Promise<void> {
  const untilMs = performance.now() + workerPatienceMs;
  while (performance.now() < untilMs && findRun(home, runId).state !== 'cancelled') {
    const asked = workflowStatus(client, workflowIdOf(runId)).catch(() => 'UNKNOWN' as const);
    const status = await Promise.race([asked, sleep(answerPatienceMs, 'UNKNOWN' as const)]);
    if (status !== 'RUNNING' && status !== 'UNKNOWN') return;
    await sleep(intervalMs);
  }
}

/** Asks the run to end, and ends it from outside where no worker hears that. @returns whether it ended by this */
async function cancelServed(client: Client, home: string, run: RunRecord): Promise<boolean> {
  // An earlier cancellation may have left this note on a run that still is open.
  if (run.state === 'cancelled') writeRunRecord(home, { ...run, state: 'paused' });
  await client.workflow.getHandle(workflowIdOf(run.runId)).cancel();
  await waitForEnd(client, home, run);
  if (findRun(home, run.runId).state === 'cancelled') return true;
  await terminateTree(client, workflowIdOf(run.runId), 'cancelled');
  const status = await workflowStatus(client, workflowIdOf(run.runId));
  if (status === 'CANCELLED' || status === 'TERMINATED') return true;
  sayNothingToCancel(run, status);
  return false;
}

/** @param served whether a worker may be there */
async function endRun(client: Client, home: string, run: RunRecord, served: boolean): Promise<void> {
  const status = await workflowStatus(client, workflowIdOf(run.runId));
  if (status !== 'RUNNING') return sayNothingToCancel(run, status);
  if (!served) await terminateTree(client, workflowIdOf(run.runId), 'cancelled');
  else if (!(await cancelServed(client, home, run))) return;
  const { runId, preset, startedAt, command } = run;
  writeRunRecord(home, { runId, preset, startedAt, command, state: 'cancelled' });
  process.stdout.write(`cancelled ${runId}; finished stages are kept\n`);
}

export async function cancelRun(runId: string | undefined): Promise<void> {
  const environment = readEnvironment();
  const { home } = environment;
  const run = findRun(home, runId);
  const attached = await attach(environment);
  if (attached) {
    try {
      await endRun(attached.client, home, run, true);
    } finally {
      await attached.close();
    }
  } else if (run.state === 'completed') sayNothingToCancel(run);
  else {
    // Nothing runs: the server is opened to end the run there, and closed again.
    await inDataFolder(home, `npx debias cancel ${run.runId}`, async ({ signal }) => {
      const session = await openSession(environment, (line) => process.stderr.write(`${line}\n`), signal);
      try {
        await endRun(session.client, home, run, false);
      } finally {
        await session.close();
      }
    });
  }
}

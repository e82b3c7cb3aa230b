/** A run that was left open goes on beside the next one, and the user is told. */

import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { openRuns, sayOtherRuns } from '../../cli/other-runs.js';
import { writeRunRecord, type RunRecord } from '../../cli/run-record.js';
import { checkpointOf, says, startCommand, startStudy } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let client: Client;

beforeAll(async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  client = new Client({ connection });
  return () => connection.close();
});

/** Workflows that no worker serves: they stay open. */
async function leaveOpen(taskQueue: string, type: string, runId: string) {
  return client.workflow.start(type, { workflowId: `pipeline/${runId}`, taskQueue, args: [] });
}

async function noteRun(home: string, runId: string, state: RunRecord['state']): Promise<void> {
  writeRunRecord(home, { runId, preset: 'smoke', startedAt: '2022-01-01T00:00:00.000Z', state, command: 'again' });
}

describe('openRuns', () => {
  test('names studies and measurements that are open on the queue, and neither their children nor others', async ({
    onTestFinished,
  }) => {
    const [queue, elsewhere] = [randomUUID(), randomUUID()];
    const started = await Promise.all([
      leaveOpen(queue, 'researchPipelineWorkflow', `${queue}-study`),
      leaveOpen(queue, 'measureWorkflow', `${queue}-measurement`),
      leaveOpen(queue, 'researchPipelineWorkflow', `${queue}-ended`),
      leaveOpen(queue, 'ppoWorkflow', `${queue}-study/ppo-1-seed-0`),
      leaveOpen(elsewhere, 'researchPipelineWorkflow', elsewhere),
    ]);
    await started[2].terminate();
    onTestFinished(async () => {
      await Promise.all(started.map((handle) => handle.terminate().catch(() => {})));
    });
    // The server lists with a delay.
    await expect
      .poll(async () => (await openRuns(client, queue)).toSorted(), { timeout: 20_000 })
      .toEqual([`${queue}-measurement`, `${queue}-study`]);
  });
});

describe('sayOtherRuns', () => {
  test('tells of each open run but its own and cancelled ones how to see and to end it', async ({ onTestFinished }) => {
    const [queue, home] = [randomUUID(), await temporaryFolder()];
    const names = {
      own: `${queue}-own`,
      left: `${queue}-left`,
      cancelled: `${queue}-cancelled`,
      foreign: `${queue}-x`,
    };
    for (const name of Object.values(names)) {
      const handle = await leaveOpen(queue, 'researchPipelineWorkflow', name);
      onTestFinished(async () => void (await handle.terminate()));
    }
    await noteRun(home, names.own, 'running');
    await noteRun(home, names.left, 'paused');
    await noteRun(home, names.cancelled, 'cancelled');
    await expect.poll(() => openRuns(client, queue), { timeout: 20_000 }).toHaveLength(4);

    const said: string[] = [];
    await sayOtherRuns(client, { home, queue, ownRunId: names.own, say: (line) => said.push(line) });
    expect(said.toSorted()).toEqual([
      `run ${names.left} is still open and shares the worker of this command; ` +
        `follow it with: npx debias status ${names.left} --watch; end it with: npx debias cancel ${names.left}`,
      `run ${names.foreign}, which another data folder started, is still open and shares the worker of this command`,
    ]);
  });

  test('says nothing and fails nothing where the server does not answer', async () => {
    const nobody = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
    const said: string[] = [];
    await sayOtherRuns(nobody, { home: 'none', queue: 'q', ownRunId: 'own', say: (line) => said.push(line) });
    expect(said).toEqual([]);
  });

  test('says nothing and fails nothing where a record of the data folder is damaged', async () => {
    const home = await temporaryFolder();
    await mkdir(join(home, 'runs', 'damaged'), { recursive: true });
    await writeFile(join(home, 'runs', 'damaged', 'run.json'), '{');
    const said = sayOtherRuns(client, { home, queue: 'q', ownRunId: 'own', say: () => {} });
    await expect(said).resolves.toBeUndefined();
  });
});

describe('debias run', () => {
  test('names a run that was paused in its folder, which is then followed and cancelled beside it', async () => {
    const home = await temporaryFolder();
    const earlier = startStudy(home);
    await checkpointOf(home, 'crawl');
    earlier.child.kill('SIGINT');
    expect((await earlier.ended).code).toBe(130);

    const next = startCommand(home, ['run', '--preset', 'smoke', '--run', 'next', '-S', 'seed=9']);
    await says(next, 'stderr', 'run tested is still open and shares the worker of this command');
    expect((await startCommand(home, ['status', 'tested']).ended).stdout).toContain('tested: running');
    expect((await startCommand(home, ['cancel', 'tested']).ended).code).toBe(0);
    const status = async () => (await startCommand(home, ['status', 'tested']).ended).stdout;
    await expect.poll(status, { timeout: 60_000, interval: 500 }).toContain('tested: cancelled');
    next.child.kill('SIGINT');
    expect((await next.ended).code).toBe(130);
  }, 300_000);
});

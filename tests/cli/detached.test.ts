/** The parts that `run` puts together, each by itself: a server, a worker, a study that is started and left alone. */

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { says, startCommand } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('server, worker and run --detach carry a study to its report, and status follows it', async () => {
  const home = await temporaryFolder();
  const server = startCommand(home, ['server']);
  await says(server, 'stdout', 'web page');
  const worker = startCommand(home, ['worker', '--model', '2']);
  await says(worker, 'stderr', 'serving');
  const started = await startCommand(home, ['run', '--preset', 'smoke', '--run', 'tested', '--detach']).ended;
  expect(started.stdout).toContain('follow it with: npx debias status tested --watch');

  const statuses: string[] = [];
  while (statuses.at(-1) !== 'COMPLETED' && statuses.length < 200) {
    const { stdout } = await startCommand(home, ['status', 'tested', '--json']).ended;
    statuses.push((JSON.parse(stdout) as { status: string }).status);
    await sleep(500);
  }
  expect(statuses[0]).toBe('RUNNING');
  expect(statuses.at(-1)).toBe('COMPLETED');
  const report = await startCommand(home, ['report', 'tested']).ended;
  expect(report.stdout).toContain('baseline');
  expect(report.stdout).toContain('report.html');

  const again = await startCommand(home, ['run', '--preset', 'smoke', '--run', 'cancelled', '--detach', '-S', 'seed=9'])
    .ended;
  expect(again.code).toBe(0);
  const cancelled = await startCommand(home, ['cancel', 'cancelled']).ended;
  expect(cancelled.stdout).toContain('cancelled cancelled');
  for (const command of [worker, server]) command.child.kill('SIGTERM');
  expect((await worker.ended).code).toBe(0);
  expect((await server.ended).code).toBe(0);
}, 300_000);

/** Cancelling a run that is paused, one that another command carries out, and one that is done. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkpointOf, isAlive, says, serverOf, startCommand } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** PPO long enough to be met in the middle. */
const args = ['run', '--preset', 'smoke', '--run', 'tested', '-S', 'ppo.epochs=2', '-S', 'ppo.episodes=64'];

function noted(home: string): { state: string; problem?: string } {
  return JSON.parse(readFileSync(join(home, 'runs', 'tested', 'run.json'), 'utf8'));
}

test('cancel ends a paused run, a live one and no finished one, and the command always goes on', async () => {
  const home = await temporaryFolder();
  const paused = startCommand(home, args);
  await checkpointOf(home, 'ppo');
  paused.child.kill('SIGINT');
  expect((await paused.ended).code).toBe(130);

  const cancelled = await startCommand(home, ['cancel']).ended;
  expect(cancelled.stdout).toBe('cancelled tested; finished stages are kept\n');
  expect(noted(home).state).toBe('cancelled');
  expect(isAlive(serverOf(home))).toBe(false);
  expect((await startCommand(home, ['status']).ended).stdout).toContain(
    'tested: cancelled (no server runs; go on with',
  );

  // It starts anew, though nothing ever told the old run's workflows that they are over.
  const live = startCommand(home, args);
  await says(live, 'stderr', '✓ reward');
  const elsewhere = await startCommand(home, ['cancel', 'tested']).ended;
  expect([elsewhere.code, elsewhere.stdout]).toEqual([0, 'cancelled tested; finished stages are kept\n']);
  const ended = await live.ended;
  expect(ended.stderr).toContain('cancelled from elsewhere; finished stages are kept. Go on with: npx debias run');
  expect(ended.code).toBe(1);
  expect(noted(home)).toEqual(expect.objectContaining({ state: 'cancelled' }));
  expect(noted(home).problem).toBeUndefined();

  const done = await startCommand(home, args).ended;
  expect([done.code, done.stderr]).toEqual([0, expect.not.stringContaining('Cancelled')]);
  const late = await startCommand(home, ['cancel']).ended;
  expect([late.code, late.stdout]).toEqual([0, 'tested is completed; there is nothing to cancel\n']);
  expect(noted(home).state).toBe('completed');
}, 300_000);

test('cancel asks the server of a completed run that another command keeps open', async () => {
  const home = await temporaryFolder();
  expect((await startCommand(home, ['run', '--preset', 'smoke', '--run', 'tested']).ended).code).toBe(0);
  const server = startCommand(home, ['server']);
  await says(server, 'stdout', 'web page');
  const late = await startCommand(home, ['cancel']).ended;
  expect(late.stdout).toBe('tested is completed; there is nothing to cancel\n');
  expect(noted(home).state).toBe('completed');
  server.child.kill('SIGTERM');
  expect((await server.ended).code).toBe(0);
}, 300_000);

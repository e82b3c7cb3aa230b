/** What a command leaves behind when it is interrupted early, its terminal is closed, or its server is killed: nothing. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { checkpointOf, isAlive, killAll, serverOf, startCommand, startStudy } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const timeoutMs = 240_000;

/** Resolves with the server's process as soon as there is one, long before it answers. */
async function serverStarting(home: string): Promise<number> {
  while (!existsSync(join(home, 'server.json'))) await sleep(10);
  return serverOf(home);
}

function left(home: string, server: number): { server: boolean; lock: boolean } {
  return { server: isAlive(server), lock: existsSync(join(home, 'run.lock')) };
}

const nothing = { server: false, lock: false };

function noted(home: string): { state: string; problem?: string } {
  return JSON.parse(readFileSync(join(home, 'runs', 'tested', 'run.json'), 'utf8'));
}

test.each(['SIGINT', 'SIGHUP'] as const)(
  'run ends the server that is only starting at %s, and says how to go on',
  async (signal) => {
    const home = await temporaryFolder();
    const study = startStudy(home);
    const server = await serverStarting(home);
    study.child.kill(signal);
    const { code, stderr } = await study.ended;
    expect(left(home, server)).toEqual(nothing);
    expect([code, stderr]).toEqual([130, expect.stringContaining('Go on with: npx debias run --preset smoke')]);
  },
  timeoutMs,
);

test(
  'run pauses when its terminal is closed',
  async () => {
    const home = await temporaryFolder();
    const study = startStudy(home);
    await checkpointOf(home, 'finetune');
    const server = serverOf(home);
    // Once by the shell, once by the kernel.
    study.child.kill('SIGHUP');
    study.child.kill('SIGHUP');
    expect((await study.ended).code).toBe(130);
    expect(left(home, server)).toEqual(nothing);
    expect(noted(home).state).toBe('paused');
  },
  timeoutMs,
);

test(
  'server ends the server that is only starting when its terminal is closed',
  async () => {
    const home = await temporaryFolder();
    const command = startCommand(home, ['server']);
    const server = await serverStarting(home);
    command.child.kill('SIGHUP');
    expect((await command.ended).code).toBe(0);
    expect(left(home, server)).toEqual(nothing);
  },
  timeoutMs,
);

test(
  'run whose server is killed says so before its silence would be noticed, and the same command goes on',
  async () => {
    const home = await temporaryFolder();
    const study = startStudy(home);
    await checkpointOf(home, 'finetune');
    const server = serverOf(home);
    killAll([server]);
    const { code, stderr } = await study.ended;
    expect([code, stderr]).toEqual([1, expect.stringMatching(/ServerEndedError: .*nothing is lost: give the same/)]);
    expect(left(home, server)).toEqual(nothing);
    expect(noted(home)).toEqual(
      expect.objectContaining({ state: 'paused', problem: expect.stringContaining('ServerEndedError') as unknown }),
    );
    expect((await startStudy(home).ended).code).toBe(0);
    expect(noted(home).state).toBe('completed');
  },
  timeoutMs,
);

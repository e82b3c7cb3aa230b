/** What the command line takes and how it ends, whatever the command. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { findTemporalServer } from '../../infra/temporal-server.js';
import { startCommand } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('main', () => {
  test('goes on where nobody reads what it prints, and still cleans up in the end', async ({ onTestFinished }) => {
    const home = await temporaryFolder();
    onTestFinished(async () => (await findTemporalServer(home))?.stop());
    const { child, ended } = startCommand(home, ['server']);
    // As `head` does, long before the program prints.
    child.stdout?.destroy();
    child.stderr?.destroy();
    await expect.poll(() => findTemporalServer(home), { timeout: 30_000 }).toBeDefined();
    // It prints once the server answers.
    await sleep(5_000);
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    expect(await findTemporalServer(home)).toBeUndefined();
  });

  test.each([
    ['--net', 'x'],
    ['--cpu', '1.5'],
    ['--model', '-1'],
    ['--model', ''],
  ])('refuses worker %s "%s", which is no number of slots', async (option, value) => {
    const { code, stderr } = await startCommand(await temporaryFolder(), ['worker', option, value]).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(
      `option '${option} <slots>' argument '${value}' is invalid. Expected a whole number from 0`,
    );
  });
});

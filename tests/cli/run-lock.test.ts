import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataFolderBusyError, lockDataFolder } from '../../cli/run-lock.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('lockDataFolder', () => {
  test('refuses a second one while the first lives, and lets it in afterwards', async () => {
    const home = await temporaryFolder();
    const unlock = lockDataFolder(home);
    expect(() => lockDataFolder(home)).toThrow(DataFolderBusyError);
    unlock();
    lockDataFolder(home)();
  });

  test('takes over from a process that is gone', async () => {
    const home = await temporaryFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(home, 'run.lock'), String(pid));
    expect(() => lockDataFolder(home)()).not.toThrow();
  });
});

import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataFolderBusyError, DataFolderError, lockDataFolder, lockHolder } from '../../cli/run-lock.js';
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

  test('takes over from a process whose id another has now', async ({ onTestFinished }) => {
    const home = await temporaryFolder();
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    onTestFinished(() => void other.kill('SIGKILL'));
    for (const text of [String(other.pid), `${other.pid} of another start`, String(process.pid), 'nonsense', '']) {
      writeFileSync(join(home, 'run.lock'), text);
      expect(lockHolder(home)).toBeUndefined();
      expect(() => lockDataFolder(home)()).not.toThrow();
    }
  });

  test('says what is in the way of a data folder', async () => {
    const home = join(await temporaryFolder(), 'file');
    writeFileSync(home, '');
    expect(() => lockDataFolder(home)).toThrow(DataFolderError);
    expect(() => lockDataFolder(join(home, 'below'))).toThrow(
      /expected a folder that can be written to, got .*DEBIAS_HOME/,
    );
  });
});

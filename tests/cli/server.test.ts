import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockDataFolder } from '../../cli/run-lock.js';
import { readEnvironment } from '../../config/environment.js';
import { provideTemporal } from '../../infra/temporal-binary.js';
import { findTemporalServer, startTemporalServer } from '../../infra/temporal-server.js';
import { startCommand } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { cacheFolder, temporalBinary: binary } = readEnvironment();
const program = async () => (await provideTemporal({ cacheFolder, binary })).program;

test('doctor names a server that a killed command left, and server --stop ends it and no other', async ({
  onTestFinished,
}) => {
  const [home, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
  const [left, other] = [
    await startTemporalServer({ dataFolder: home, program }),
    await startTemporalServer({ dataFolder: elsewhere, program }),
  ];
  onTestFinished(async () => {
    await left.stop();
    await other.stop();
  });

  // While a command uses it, it is nobody's to end.
  const unlock = lockDataFolder(home);
  expect((await startCommand(home, ['doctor']).ended).stdout).toContain(`used by process ${process.pid}`);
  const refused = await startCommand(home, ['server', '--stop']).ended;
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('DataFolderBusyError')]);
  unlock();

  const doctor = await startCommand(home, ['doctor']).ended;
  expect(doctor.stdout).toMatch(new RegExp(`! server +${left.address} .process ${left.pid}. was left .*server --stop`));
  const stopped = await startCommand(home, ['server', '--stop']).ended;
  expect([stopped.code, stopped.stdout]).toEqual([
    0,
    expect.stringContaining(`ended the Temporal server at ${left.address}`),
  ]);
  expect(await findTemporalServer(home)).toBeUndefined();
  expect((await findTemporalServer(elsewhere))?.pid).toBe(other.pid);
  expect(existsSync(join(home, 'temporal.db'))).toBe(true);
  expect((await startCommand(home, ['server', '--stop']).ended).stdout).toMatch(/^no Temporal server of .* runs/);
});

import { createServer } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../config/environment.js';
import { freePort, PortInUseError } from '../../infra/free-port.js';
import { openTemporal, TemporalUnreachableError } from '../../infra/open-temporal.js';
import { isProcess } from '../../infra/process-identity.js';
import { provideTemporal } from '../../infra/temporal-binary.js';
import {
  startTemporalServer,
  type TemporalServer,
  type TemporalServerSettings,
  TemporalStartError,
} from '../../infra/temporal-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { cacheFolder, temporalBinary: binary } = readEnvironment();
const program = async () => (await provideTemporal({ cacheFolder, binary })).program;
const database = (folder: string): string => path.join(folder, 'temporal.db');

const started: TemporalServer[] = [];

async function start(settings: TemporalServerSettings): Promise<TemporalServer> {
  const server = await startTemporalServer(settings);
  started.push(server);
  return server;
}

describe('startTemporalServer', () => {
  let folder: string;
  let first: TemporalServer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    first = await start({ dataFolder: folder, program });
  });
  // Each server, so that a failed test leaves none behind.
  afterAll(async () => {
    for (const server of started) await server.stop();
  });

  it('startTemporalServer adopts the running server of its folder, without asking for the program', async () => {
    const again = await start({
      dataFolder: folder,
      program: () => Promise.reject(new Error('not needed')),
    });
    expect(again).toMatchObject({ pid: first.pid, address: first.address, adopted: true });
    expect((await fetch(first.uiAddress)).status).toBe(200);
  });

  it('startTemporalServer after a SIGKILL comes back on the same port with everything in it', async () => {
    const workflowId = 'kept';
    await withClient(first.address, (client) =>
      client.workflow.start('anyWorkflow', { workflowId, taskQueue: 'nobody' }),
    );
    process.kill(first.pid, 'SIGKILL');
    while (await isProcess(first.pid, database(folder))) await sleep(20);
    const second = await start({ dataFolder: folder, program });
    expect([second.adopted, second.address, second.pid === first.pid]).toEqual([false, first.address, false]);
    const found = await withClient(second.address, (client) => client.workflow.getHandle(workflowId).describe());
    expect(found.status.name).toBe('RUNNING');
    first = second;
  });

  it('startTemporalServer ends a server that is frozen, and starts a new one', async () => {
    process.kill(first.pid, 'SIGSTOP');
    const lines: string[] = [];
    const onProgress = (line: string): number => lines.push(line);
    const second = await start({ dataFolder: folder, program, adoptTimeoutMs: 500, onProgress });
    expect([second.adopted, await isProcess(first.pid, database(folder))]).toEqual([false, false]);
    expect(lines[0]).toContain(`process ${first.pid}`);
    first = second;
  });

  it('stop ends exactly the noted process, and a note about a foreign process is not believed', async () => {
    const state = path.join(folder, 'server.json');
    const note: object = JSON.parse(await readFile(state, 'utf8'));
    await writeFile(state, JSON.stringify({ ...note, pid: process.pid }));
    await first.stop();
    expect(await isProcess(first.pid, database(folder))).toBe(false);
    const next = await start({ dataFolder: folder, program });
    expect([next.adopted, next.pid === process.pid]).toEqual([false, false]);
    await next.stop();
  });

  it('startTemporalServer names a fixed port that is in use', async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const failure = start({ dataFolder: await temporaryFolder(), program, port });
    await expect(failure).rejects.toThrow(PortInUseError);
    await expect(failure).rejects.toThrow(`port ${port} is in use`);
    other.close();
  });

  it.each([
    ['ends at once', '/bin/true', 'ended while starting (exit code 0)'],
    ['is not there', '/no/such/program', 'could not be started: '],
  ])('startTemporalServer says that its program %s', async (_how, programPath, problem) => {
    const dataFolder = await temporaryFolder();
    await writeFile(path.join(dataFolder, 'temporal-server.log'), 'address already in use, said an earlier server\n');
    const failure: unknown = await start({ dataFolder, program: async () => programPath }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(TemporalStartError);
    expect(failure).toMatchObject({ problem: expect.stringContaining(problem), logTail: '' });
  });

  it('startTemporalServer shows the end of the log when the server does not start', async () => {
    const broken = await temporaryFolder();
    await writeFile(database(broken), 'this is no database');
    const failure: unknown = await start({ dataFolder: broken, program }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TemporalStartError);
    expect(failure).toMatchObject({
      logFile: path.join(broken, 'temporal-server.log'),
      logTail: expect.stringMatching(/database/),
      advice: expect.stringContaining(`move ${database(broken)}* to another folder`),
    });
    expect(String(failure)).toContain('Finished stages are in the store');
  });
});

describe('openTemporal', () => {
  it('openTemporal says that the given address does not answer, and starts nothing', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const failure = openTemporal({ address, dataFolder: '/no/such/folder', cacheFolder });
    await expect(failure).rejects.toThrow(TemporalUnreachableError);
    await expect(failure).rejects.toThrow(address);
  });
});

async function withClient<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

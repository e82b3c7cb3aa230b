import { createServer, type Server, type Socket } from 'node:net';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../config/environment.js';
import { BlobCorruptError, blobKey, StoreUnavailableError } from '../../core/checkpoint/index.js';
import { freePort } from '../../infra/free-port.js';
import { findMinio } from '../../infra/minio-binary.js';
import { type MinioServer, startMinioServer } from '../../infra/minio-server.js';
import { createMinioStore, type MinioSettings } from '../../infra/minio-store.js';
import { openStore } from '../../infra/open-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeStore } from './store-contract.js';

const keys = { accessKey: 'debias-test', secretKey: 'debias-test-secret' };
const impatient = {
  deadline: { baseMs: 500, floorBytesPerSecond: 1e6 },
  retry: { attempts: 3, firstDelayMs: 20, maxDelayMs: 100 },
};
const program = await findMinio(readEnvironment());

// Without the program (`npm run minio:install`) these are reported as skipped.
describe.skipIf(program === undefined)('createMinioStore, against a real server', () => {
  let server: MinioServer;
  let folder: string;
  let settings: MinioSettings;
  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startMinioServer({ program: program ?? '', folder, ...keys });
    settings = { endpoint: server.endpoint, bucket: 'debias', ...keys };
  });
  afterAll(() => server.stop('SIGKILL'));

  describeStore('createMinioStore', async () => ({
    open: () => openStore({ kind: 'minio', prefix: 'contract', ...settings }),
    async overwrite(key, bytes) {
      const [endPoint = '', port] = server.endpoint.split(':');
      const client = new Client({ endPoint, port: Number(port), useSSL: false, region: 'us-east-1', ...keys });
      await client.putObject('debias', `contract/${key}`, Buffer.from(bytes), bytes.length);
    },
  }));

  it('getBlob calls a bit that was flipped on the server’s disk corruption, and putBlob repairs it', async () => {
    const store = await createMinioStore({ ...settings, bucket: 'flipped', ...impatient });
    const content = Buffer.alloc(2_000_000, 7);
    const ref = await store.putBlob(content);
    const part = await findFile(path.join(folder, 'flipped', blobKey(ref)), 'part.1');
    const onDisk = await readFile(part);
    onDisk[1_000_000] = (onDisk[1_000_000] ?? 0) ^ 1;
    await writeFile(part, onDisk);
    await expect(store.getBlob(ref)).rejects.toThrow(BlobCorruptError);
    await store.putBlob(content);
    expect((await store.getBlob(ref)).length).toBe(content.length);
  });

  it('createMinioStore with wrong keys says what the server said, at once', async () => {
    const wrong = createMinioStore({ ...settings, secretKey: 'wrong-secret', ...impatient });
    await expect(wrong).rejects.toThrow(StoreUnavailableError);
    await expect(createMinioStore({ ...settings, secretKey: 'wrong-secret', ...impatient })).rejects.toThrow(
      'tries: 1',
    );
  });

  it('createMinioStore goes on after the server was killed and came back', async () => {
    const home = await temporaryFolder();
    const port = await freePort();
    const first = await startMinioServer({ program: program ?? '', folder: home, port, ...keys });
    const store = await createMinioStore({ endpoint: first.endpoint, bucket: 'debias', ...keys, ...impatient });
    const ref = await store.putBlob(Buffer.from('kept'));
    await first.stop('SIGKILL');
    await expect(store.getBlob(ref)).rejects.toThrow(StoreUnavailableError);
    const second = await startMinioServer({ program: program ?? '', folder: home, port, ...keys });
    expect(Buffer.from(await store.getBlob(ref)).toString()).toBe('kept');
    await second.stop('SIGKILL');
  });

  it('createMinioStore gives up on a frozen server instead of waiting for ever, and goes on when it thaws', async () => {
    const frozen = await startMinioServer({ program: program ?? '', folder: await temporaryFolder(), ...keys });
    const store = await createMinioStore({ endpoint: frozen.endpoint, bucket: 'debias', ...keys, ...impatient });
    process.kill(frozen.pid, 'SIGSTOP');
    await expect(store.putBlob(Buffer.from('x'))).rejects.toThrow(StoreUnavailableError);
    process.kill(frozen.pid, 'SIGCONT');
    expect((await store.putBlob(Buffer.from('x'))).sizeBytes).toBe(1);
    await frozen.stop('SIGKILL');
  });

  it('createManifest answers `exists`, never a second `created`, when the first acknowledgement was lost', async () => {
    const proxy = await startLossyProxy(server.endpoint);
    const store = await createMinioStore({ ...settings, endpoint: proxy.endpoint, ...impatient });
    proxy.loseNextAnswer();
    expect(await store.createManifest('lost/ack.json', Buffer.from('mine'))).toBe('exists');
    expect(Buffer.from((await store.readManifest('lost/ack.json')) ?? []).toString()).toBe('mine');
    proxy.close();
  });
});

describe('createMinioStore, without a server', () => {
  it('createMinioStore names the endpoint and what went wrong', async () => {
    const endpoint = `127.0.0.1:${await freePort()}`;
    const failure = createMinioStore({ endpoint, bucket: 'debias', ...keys, ...impatient });
    await expect(failure).rejects.toThrow(new RegExp(`${endpoint}.*ECONNREFUSED.*tries: 3`));
  });
});

async function findFile(folder: string, name: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true });
  return path.join(folder, entries.find((entry) => entry.endsWith(name)) ?? name);
}

/** Passes everything on; on demand it lets one request through and then cuts the line before its answer. */
async function startLossyProxy(endpoint: string): Promise<{ endpoint: string; loseNextAnswer(): void; close(): void }> {
  const [host = '', port] = endpoint.split(':');
  const { connect } = await import('node:net');
  let isLosing = false;
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      if (isLosing) client.destroy();
      else client.write(chunk);
      isLosing = false;
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.end());
  });
  const listening = await freePort();
  await new Promise<void>((resolve) => server.listen(listening, '127.0.0.1', resolve));
  return {
    endpoint: `127.0.0.1:${listening}`,
    loseNextAnswer: () => void (isLosing = true),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

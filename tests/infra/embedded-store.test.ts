import { execFileSync, fork } from 'node:child_process';
import { mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { InvalidKeyError, openCheckpoints, StorageFullError } from '../../core/checkpoint/index.js';
import { createEmbeddedStore } from '../../infra/embedded-store.js';
import { openStore } from '../../infra/open-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeStore } from './store-contract.js';

describeStore('createEmbeddedStore', async () => {
  const folder = await temporaryFolder();
  return {
    open: () => openStore({ kind: 'embedded', folder }),
    overwrite: (key, bytes) => writeFile(path.join(folder, key), bytes),
  };
});

describe('createEmbeddedStore, on a disk', () => {
  it('createEmbeddedStore leaves no temporary files, and listBlobs sweeps old ones of killed writers', async () => {
    const folder = await temporaryFolder();
    const store = createEmbeddedStore({ folder });
    await store.putBlob(Buffer.from('x'));
    await store.createManifest('a.json', Buffer.from('x'));
    await store.createManifest('a.json', Buffer.from('y'));
    expect(await readdir(path.join(folder, '.tmp'))).toEqual([]);
    await writeFile(path.join(folder, '.tmp', 'left'), 'torn');
    await writeFile(path.join(folder, '.tmp', 'new'), 'torn');
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(path.join(folder, '.tmp', 'left'), longAgo, longAgo);
    await store.listBlobs();
    expect(await readdir(path.join(folder, '.tmp'))).toEqual(['new']);
  });

  it('createManifest refuses a key inside another key', async () => {
    const store = createEmbeddedStore({ folder: await temporaryFolder() });
    await store.createManifest('a.json', Buffer.from('x'));
    await expect(store.createManifest('a.json/b.json', Buffer.from('x'))).rejects.toThrow(InvalidKeyError);
  });

  it('readManifest does not follow a link out of the folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'outside'), 'secret');
    await mkdir(path.join(folder, 'store'));
    await symlink(path.join(folder, 'outside'), path.join(folder, 'store', 'a.json'));
    await expect(createEmbeddedStore({ folder: path.join(folder, 'store') }).readManifest('a.json')).rejects.toThrow(
      'ELOOP',
    );
  });

  it('putBlob counts bytes that are there already as put just now', async () => {
    const folder = await temporaryFolder();
    const store = createEmbeddedStore({ folder });
    const ref = await store.putBlob(Buffer.from('old'));
    await utimes(path.join(folder, 'blobs', 'sha256', ref.sha256), new Date(0), new Date(0));
    expect((await store.listBlobs())[0]?.ageMs).toBeGreaterThan(1e9);
    await store.putBlob(Buffer.from('old'));
    expect((await store.listBlobs())[0]?.ageMs).toBeLessThan(60_000);
  });
});

/** A file system of one megabyte, where the machine lets us make one. */
function smallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('createEmbeddedStore, when the disk is full', async () => {
  const folder = await temporaryFolder();
  const isMounted = smallDisk(folder);
  afterAll(() => {
    if (isMounted) execFileSync('umount', [folder]);
  });

  it.skipIf(!isMounted)('putBlob says so, tears nothing, and works again when there is space', async () => {
    const store = createEmbeddedStore({ folder });
    const log = await openCheckpoints(store, 's', { fingerprint: 'f' });
    await log.commit({ step: 1, tensors: {}, state: null });
    const ballast = await store.putBlob(Buffer.alloc(500_000, 1));
    const failure = await store.putBlob(Buffer.alloc(700_000, 2)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StorageFullError);
    expect(failure).toMatchObject({
      place: folder,
      neededBytes: 700_000,
      message: expect.stringContaining('free some space'),
    });
    expect((await log.newest())?.step).toBe(1);
    expect(await readdir(path.join(folder, '.tmp'))).toEqual([]);
    await store.deleteBlob(ballast);
    const ref = await store.putBlob(Buffer.alloc(700_000, 2));
    expect((await store.getBlob(ref)).length).toBe(700_000);
  });
});

describe('openCheckpoints, when its process is killed', () => {
  it('openCheckpoints finds the last acknowledged checkpoint or a later one, whole, after each SIGKILL', async () => {
    const folder = await temporaryFolder();
    const entry = fileURLToPath(new URL('../support/commit-for-ever.mjs', import.meta.url));
    for (const lifeMs of [300, 170, 230, 350, 410]) {
      let acknowledged = 0;
      const child = fork(entry, [folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      child.on('message', (step: number) => (acknowledged = step));
      await new Promise((resolve) => child.once('message', resolve));
      await sleep(lifeMs);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      const log = await openCheckpoints(createEmbeddedStore({ folder }), 'killed', { fingerprint: 'f' });
      const newest = await log.newest();
      expect(newest?.step).toBeGreaterThanOrEqual(acknowledged);
      expect(newest?.tensors['w']?.data[0]).toBe(newest?.step);
    }
    await rm(folder, { recursive: true, force: true });
  });
});

/**
 * A store in a folder of this machine. A file is written under a temporary name, flushed, given its name in one step,
 * and its folder flushed: whatever is killed, it is there whole or not at all. Knows no keys' meaning.
 */

import { constants } from 'node:fs';
import { open, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { sha256Hex } from '../core/checkpoint/digest.js';
import {
  BlobCorruptError,
  BlobMissingError,
  type BlobRef,
  blobKey,
  checkKey,
  checkPrefix,
  InvalidKeyError,
  type Store,
  type StoredBlob,
} from '../core/checkpoint/store.js';
import { createFile, hasCode, replaceFile, sweepTemporaries } from './durable-file.js';

/** @param folder made when the first bytes are written. @returns a store that any number of processes may share. */
export function createEmbeddedStore({ folder }: { readonly folder: string }): Store {
  const root = path.resolve(folder);
  return {
    putBlob: (bytes) => putBlob(root, bytes),
    getBlob: (ref) => getBlob(root, ref),
    hasBlob: async (ref) => (await sizeOfFile(place(root, blobKey(ref)))) === ref.sizeBytes,
    createManifest: (key, bytes) => nameErrors(key, createFile(root, place(root, checkKey(key)), bytes)),
    readManifest: (key) => nameErrors(key, readIfThere(place(root, checkKey(key)))),
    listManifests: (prefix) => listManifests(root, checkPrefix(prefix)),
    deleteManifest: (key) => nameErrors(key, rm(place(root, checkKey(key)), { force: true })),
    listBlobs: () => listBlobs(root),
    deleteBlob: (ref) => rm(place(root, blobKey(ref)), { force: true }),
    describe: () => `folder ${root}`,
  };
}

/** Checked keys hold no `..`; a second look at the outcome costs nothing. */
function place(root: string, key: string): string {
  const file = path.join(root, key);
  if (!file.startsWith(root + path.sep)) throw new InvalidKeyError(key);
  return file;
}

async function putBlob(root: string, bytes: Uint8Array): Promise<BlobRef> {
  const ref = { sha256: sha256Hex(bytes), sizeBytes: bytes.length };
  const file = place(root, blobKey(ref));
  if (await refresh(file, ref)) return ref;
  // Replacing is safe: whoever else writes this name writes the same bytes. It also repairs a damaged file.
  await replaceFile(root, file, bytes);
  return ref;
}

/** Whether the right bytes are there already; if so they count as put just now. */
async function refresh(file: string, ref: BlobRef): Promise<boolean> {
  if ((await sizeOfFile(file)) !== ref.sizeBytes) return false;
  const bytes = await readIfThere(file);
  if (bytes === undefined || sha256Hex(bytes) !== ref.sha256) return false;
  const now = new Date();
  try {
    await utimes(file, now, now);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function getBlob(root: string, ref: BlobRef): Promise<Uint8Array> {
  const bytes = await readIfThere(place(root, blobKey(ref)));
  if (bytes === undefined) throw new BlobMissingError(ref, `folder ${root}`);
  const sha256 = sha256Hex(bytes);
  if (bytes.length !== ref.sizeBytes || sha256 !== ref.sha256) {
    throw new BlobCorruptError(ref, { sizeBytes: bytes.length, sha256 }, `folder ${root}`);
  }
  return bytes;
}

async function listManifests(root: string, prefix: string): Promise<string[]> {
  const folder = path.join(root, prefix);
  const entries = await ifThere(readdir(folder, { recursive: true, withFileTypes: true }));
  const keys = (entries ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  return keys.filter((key) => !key.startsWith('blobs/') && !key.startsWith('.')).toSorted(byCodeUnit);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function listBlobs(root: string): Promise<StoredBlob[]> {
  await sweepTemporaries(root);
  const blobs: StoredBlob[] = [];
  for (const sha256 of (await ifThere(readdir(path.join(root, 'blobs', 'sha256')))) ?? []) {
    const stats = await ifThere(stat(path.join(root, 'blobs', 'sha256', sha256)));
    if (stats?.isFile()) blobs.push({ sha256, sizeBytes: stats.size, ageMs: Date.now() - stats.mtimeMs });
  }
  return blobs;
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  // A name that was turned into a link is not ours: it is refused rather than followed.
  const handle = await ifThere(open(file, constants.O_RDONLY | constants.O_NOFOLLOW));
  if (handle === undefined) return undefined;
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function sizeOfFile(file: string): Promise<number | undefined> {
  return (await ifThere(stat(file)))?.size;
}

async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** On a disk a key cannot lie inside another key, as it may on an object store. */
async function nameErrors<T>(key: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!hasCode(error, 'ENOTDIR', 'EISDIR', 'EEXIST')) throw error;
    throw new InvalidKeyError(key, 'a key that neither lies inside another key nor holds one');
  }
}

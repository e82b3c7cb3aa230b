/** A store in memory that can be told to fail, damage or forget: the faults that a disk has too rarely for a test. */

import { sha256Hex } from '../../core/checkpoint/digest.js';
import {
  BlobCorruptError,
  BlobMissingError,
  type BlobRef,
  blobKey,
  checkKey,
  checkPrefix,
  type Store,
} from '../../core/checkpoint/store.js';

export class CrashError extends Error {}

export interface MemoryStore extends Store {
  readonly files: Map<string, Uint8Array>;
  /** Every operation from the nth on fails, counted from now; Infinity for none. */
  crashAt(operation: number): void;
  /** Operations since `crashAt`. */
  operations(): number;
  /** Age of all blobs in milliseconds. */
  ageMs: number;
}

export function createMemoryStore(files = new Map<string, Uint8Array>()): MemoryStore {
  let [count, limit] = [0, Infinity];
  const step = (): void => {
    count++;
    if (count >= limit) throw new CrashError(`crash at operation ${count}`);
  };
  const store: MemoryStore = {
    files,
    ageMs: 0,
    crashAt: (operation) => void ([count, limit] = [0, operation]),
    operations: () => count,
    async putBlob(bytes) {
      step();
      const ref = { sha256: sha256Hex(bytes), sizeBytes: bytes.length };
      files.set(blobKey(ref), Uint8Array.from(bytes));
      return ref;
    },
    async getBlob(ref) {
      const bytes = files.get(blobKey(ref));
      if (bytes === undefined) throw new BlobMissingError(ref, 'memory');
      const found = { sha256: sha256Hex(bytes), sizeBytes: bytes.length };
      if (found.sha256 !== ref.sha256 || found.sizeBytes !== ref.sizeBytes)
        throw new BlobCorruptError(ref, found, 'memory');
      return bytes;
    },
    hasBlob: async (ref) => files.get(blobKey(ref))?.length === ref.sizeBytes,
    async createManifest(key, bytes) {
      step();
      if (files.has(checkKey(key))) return 'exists';
      files.set(key, Uint8Array.from(bytes));
      return 'created';
    },
    readManifest: async (key) => files.get(checkKey(key)),
    async listManifests(prefix) {
      const keys = [...files.keys()].filter((key) => key.startsWith(checkPrefix(prefix)) && !key.startsWith('blobs/'));
      return keys.toSorted((a, b) => (a < b ? -1 : 1));
    },
    async deleteManifest(key) {
      step();
      files.delete(checkKey(key));
    },
    async listBlobs() {
      return [...files].flatMap(([key, bytes]) =>
        key.startsWith('blobs/') ? [{ sha256: key.slice(-64), sizeBytes: bytes.length, ageMs: store.ageMs }] : [],
      );
    },
    async deleteBlob(ref) {
      step();
      files.delete(blobKey(ref));
    },
    describe: () => 'memory',
  };
  return store;
}

/** Flips one bit of a stored file. */
export function flipBit(store: MemoryStore, key: string, byte: number): void {
  const bytes = Uint8Array.from(store.files.get(key) ?? []);
  bytes[byte] = (bytes[byte] ?? 0) ^ 1;
  store.files.set(key, bytes);
}

export function keyOf(ref: BlobRef): string {
  return blobKey(ref);
}

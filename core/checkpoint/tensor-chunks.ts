/**
 * Tensors as blobs of at most 64 MiB: raw little-endian bytes, one tensor after the other in the order of their names.
 * Each chunk opens with the digest of its stage's key, so no chunk is ever shared with another stage and a pruned
 * checkpoint's chunks may be deleted at once.
 */

import { type DataOf, type DType, type HostTensor, hostTensor, sizeOf } from '../tensor.js';
import type { PackedTensors } from './checkpoint-manifest.js';
import { sha256Hex } from './digest.js';
import { ManifestDamagedError } from './sealed-json.js';
import type { BlobRef, Store } from './store.js';

const defaultChunkBytes = 64 * 1024 * 1024;
const headerBytes = 64;

const bytesPerElement: { readonly [D in DType]: number } = { float32: 4, float16: 2, int32: 4, int64: 8, bool: 1 };

// The copy is aligned, which a slice of a chunk need not be. All machines that Node runs on here are little-endian.
const readers: { readonly [D in DType]: (bytes: Uint8Array<ArrayBuffer>) => DataOf[D] } = {
  float32: (bytes) => new Float32Array(bytes.buffer),
  float16: (bytes) => new Uint16Array(bytes.buffer),
  int32: (bytes) => new Int32Array(bytes.buffer),
  int64: (bytes) => new BigInt64Array(bytes.buffer),
  bool: (bytes) => bytes,
};

/** Puts the tensors' bytes; the same tensors of the same stage give the same chunks. @throws StorageFullError */
export async function packTensors(
  store: Store,
  stageKey: string,
  tensors: Readonly<Record<string, HostTensor>>,
  chunkBytes: number = defaultChunkBytes,
): Promise<PackedTensors> {
  const entries = Object.entries(tensors).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const header = new TextEncoder().encode(sha256Hex(stageKey));
  const chunks: BlobRef[] = [];
  for (const parts of splitParts(
    entries.map(([, tensor]) => bytesOf(tensor)),
    chunkBytes - headerBytes,
  )) {
    chunks.push(await store.putBlob(Buffer.concat([header, ...parts])));
  }
  return { tensors: entries.map(([name, { dtype, shape }]) => ({ name, dtype, shape: [...shape] })), chunks };
}

/** @throws BlobMissingError @throws BlobCorruptError @throws ManifestDamagedError when sizes do not add up. */
export async function unpackTensors(store: Store, packed: PackedTensors): Promise<Record<string, HostTensor>> {
  const sizes = packed.tensors.map(({ dtype, shape }) => sizeOf(shape) * bytesPerElement[dtype]);
  const neededBytes = sizes.reduce((sum, size) => sum + size, 0);
  const givenBytes = packed.chunks.reduce((sum, chunk) => sum + chunk.sizeBytes - headerBytes, 0);
  if (neededBytes !== givenBytes || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ManifestDamagedError('tensors', `expected ${neededBytes} bytes in chunks, got ${givenBytes}`);
  }
  const targets = sizes.map((size) => new Uint8Array(size));
  await fill(store, packed.chunks, targets);
  return Object.fromEntries(
    packed.tensors.map((entry, i) => [entry.name, toTensor(entry, targets[i] ?? new Uint8Array())]),
  );
}

/** Copies the chunks' payloads one after the other into the targets; one chunk is in memory at a time. */
async function fill(store: Store, chunks: readonly BlobRef[], targets: readonly Uint8Array[]): Promise<void> {
  let target = 0;
  let filled = 0;
  for (const chunk of chunks) {
    let rest = (await store.getBlob(chunk)).subarray(headerBytes);
    while (rest.length > 0) {
      const into = targets[target];
      if (into === undefined) return;
      const taken = rest.subarray(0, into.length - filled);
      into.set(taken, filled);
      rest = rest.subarray(taken.length);
      filled += taken.length;
      if (filled === into.length) [target, filled] = [target + 1, 0];
    }
  }
}

function toTensor({ dtype, shape }: PackedTensors['tensors'][number], bytes: Uint8Array<ArrayBuffer>): HostTensor {
  return hostTensor(dtype, shape, readers[dtype](bytes));
}

function bytesOf({ data }: HostTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Groups byte ranges into chunks of at most `limitBytes`, cutting a range where a chunk is full. */
function* splitParts(parts: readonly Uint8Array[], limitBytes: number): Generator<Uint8Array[]> {
  let chunk: Uint8Array[] = [];
  let roomBytes = limitBytes;
  for (let rest of parts) {
    while (rest.length > 0) {
      const taken = rest.subarray(0, roomBytes);
      chunk.push(taken);
      rest = rest.subarray(taken.length);
      roomBytes -= taken.length;
      if (roomBytes > 0) continue;
      yield chunk;
      [chunk, roomBytes] = [[], limitBytes];
    }
  }
  if (chunk.length > 0) yield chunk;
}

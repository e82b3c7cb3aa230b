/** What a checkpoint's manifest says, and how it is read back without trusting it. */

import { dtypes } from '../tensor.js';
import type { DType } from '../tensor.js';
import type { Json } from './canonical-json.js';
import { isBlobRef } from './blob-folder.js';
import { isJsonObject, ManifestDamagedError, openSealed } from './sealed-json.js';
import type { BlobRef } from './store.js';

export interface PackedTensors {
  /** In the order in which their bytes follow each other. */
  readonly tensors: readonly { readonly name: string; readonly dtype: DType; readonly shape: readonly number[] }[];
  readonly chunks: readonly BlobRef[];
}

interface CheckpointContent {
  readonly step: number;
  readonly state: Json;
  readonly packed: PackedTensors;
  readonly fingerprint: string;
}

/** Equal content from two attempts differs in the epoch alone. */
export interface CheckpointManifest {
  readonly epoch: number;
  readonly content: CheckpointContent;
}

const stepDigits = 10;

/** @throws RangeError when the step is no whole number of at most ten digits. */
export function checkpointKey(stageKey: string, step: number): string {
  if (!Number.isSafeInteger(step) || step < 0 || step >= 10 ** stepDigits) {
    throw new RangeError(`checkpointKey: expected a step of 0 or more and at most ${stepDigits} digits, got ${step}`);
  }
  return `stages/${stageKey}/checkpoints/${String(step).padStart(stepDigits, '0')}.json`;
}

/** @throws ManifestDamagedError when the bytes are not the ones that were sealed, or lack a field. */
export function parseManifest(key: string, bytes: Uint8Array): CheckpointManifest {
  const body = openSealed(key, bytes);
  const content = isJsonObject(body) ? body['content'] : undefined;
  if (!isJsonObject(body) || !isJsonObject(content)) throw new ManifestDamagedError(key, 'expected epoch and content');
  return {
    epoch: numberAt(key, body, 'epoch'),
    content: {
      step: numberAt(key, content, 'step'),
      state: present(key, content, 'state'),
      fingerprint: stringAt(key, content, 'fingerprint'),
      packed: parsePacked(key, present(key, content, 'packed')),
    },
  };
}

function parsePacked(key: string, packed: Json): PackedTensors {
  if (!isJsonObject(packed)) throw new ManifestDamagedError(key, 'expected an object at packed');
  return {
    tensors: listAt(key, packed, 'tensors').map((entry) => parseTensor(key, entry)),
    chunks: listAt(key, packed, 'chunks').map((chunk) => {
      if (!isBlobRef(chunk)) throw new ManifestDamagedError(key, 'expected blob references in chunks');
      return chunk;
    }),
  };
}

function parseTensor(key: string, entry: Json): PackedTensors['tensors'][number] {
  if (!isJsonObject(entry)) throw new ManifestDamagedError(key, 'expected objects in tensors');
  const dtype = stringAt(key, entry, 'dtype');
  if (!isDType(dtype)) throw new ManifestDamagedError(key, `unknown dtype ${dtype}`);
  const shape = listAt(key, entry, 'shape').map((size) => {
    if (typeof size !== 'number') throw new ManifestDamagedError(key, 'expected numbers in shape');
    return size;
  });
  return { name: stringAt(key, entry, 'name'), dtype, shape };
}

function isDType(text: string): text is DType {
  return dtypes.some((dtype) => dtype === text);
}

type JsonObject = { readonly [key: string]: Json };

function present(key: string, object: JsonObject, field: string): Json {
  const value = object[field];
  if (value === undefined) throw new ManifestDamagedError(key, `expected a field ${field}`);
  return value;
}

function numberAt(key: string, object: JsonObject, field: string): number {
  const value = object[field];
  if (typeof value !== 'number') throw new ManifestDamagedError(key, `expected a number at ${field}`);
  return value;
}

function stringAt(key: string, object: JsonObject, field: string): string {
  const value = object[field];
  if (typeof value !== 'string') throw new ManifestDamagedError(key, `expected a string at ${field}`);
  return value;
}

function listAt(key: string, object: JsonObject, field: string): readonly Json[] {
  const value = object[field];
  if (!Array.isArray(value)) throw new ManifestDamagedError(key, `expected a list at ${field}`);
  return value;
}

/** Seeded mutations of tensor files: each is read or refused with one of the readers' own errors, in bounded memory. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ForbiddenGlobalError, PickleFormatError } from '../../../core/checkpoint/pickle-values.js';
import { readPytorch } from '../../../core/checkpoint/pytorch-pickle.js';
import { readSafetensors, SafetensorsFormatError, writeSafetensors } from '../../../core/checkpoint/safetensors.js';
import { readZip, ZipFormatError } from '../../../core/checkpoint/zip-archive.js';
import { RandomSequence } from '../../../core/random/counter.js';
import type { HostTensor } from '../../../core/tensor.js';
import { hostTensor } from '../../../core/tensor.js';
import { writeZip } from './pytorch/write-zip.js';

const MUTATIONS = 10_000;
const errors = [SafetensorsFormatError, ZipFormatError, PickleFormatError, ForbiddenGlobalError];
/** What a reader may take beyond the file, for a file of any length: values widened four times and views gathered. */
const GROWTH = 64;

/** One to four edits: a byte set, a run copied elsewhere, a number made huge, the end cut off. */
function mutate(original: Uint8Array, random: RandomSequence): Uint8Array {
  const bytes = Buffer.from(original);
  for (let edits = 1 + random.integer(4); edits > 0; edits--) {
    const at = random.integer(bytes.length - 8);
    const kind = random.integer(8);
    if (kind === 0) bytes.copy(bytes, at, random.integer(bytes.length));
    else if (kind === 1) bytes.writeUInt32LE(0xffffffff, at);
    else if (kind === 2) bytes.writeBigUInt64LE(2n ** BigInt(random.integer(64)), at);
    else bytes[at] = random.integer(256);
  }
  return random.integer(10) === 0 ? bytes.subarray(0, random.integer(bytes.length)) : bytes;
}

interface Outcome {
  readonly read: number;
  readonly refused: number;
}

function readAll(
  stream: string,
  original: Uint8Array,
  read: (bytes: Uint8Array) => Readonly<Record<string, HostTensor>>,
): Outcome {
  const random = new RandomSequence({ seed: 7, stream, step: 0 });
  let refused = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const bytes = mutate(original, random);
    try {
      const buffers = new Set(Object.values(read(bytes)).map(({ data }) => data.buffer));
      const taken = [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
      if (taken > GROWTH * bytes.length) throw new Error(`mutation ${i}: ${taken} bytes of ${bytes.length}`);
    } catch (error) {
      if (!errors.some((type) => error instanceof type)) throw new Error(`mutation ${i}`, { cause: error });
      refused++;
    }
  }
  return { read: MUTATIONS - refused, refused };
}

const archive = readFileSync(new URL('pytorch/dtypes.bin', import.meta.url));

describe('10,000 mutations', () => {
  test('readSafetensors reads or refuses them', () => {
    const file = writeSafetensors({
      'h.0.weight': hostTensor('float32', [2, 3], new Float32Array(6)),
      'h.0.bias': hostTensor('float32', [3], new Float32Array(3)),
      flags: hostTensor('bool', [2], Uint8Array.of(1, 0)),
      ids: hostTensor('int64', [2], BigInt64Array.of(1n, 2n)),
    });
    const { read, refused } = readAll('safetensors', file, (bytes) => readSafetensors(bytes).tensors);
    expect(refused).toBeGreaterThan(MUTATIONS / 2);
    expect(read).toBeGreaterThan(0);
  });

  test('readPytorch reads or refuses them, of the archive', () => {
    const { read, refused } = readAll('archive', archive, readPytorch);
    expect(refused).toBeGreaterThan(MUTATIONS / 2);
    expect(read).toBeGreaterThan(0);
  });

  test('readPytorch reads or refuses them, of the pickle', () => {
    const [pickle, ...storages] = [...readZip(archive)].map(([name, data]) => ({ name, data }));
    if (pickle === undefined) throw new Error('dtypes.bin: expected entries, got none');
    const { read, refused } = readAll('pickle', pickle.data, (data) =>
      readPytorch(writeZip([{ ...pickle, data }, ...storages])),
    );
    expect(refused).toBeGreaterThan(MUTATIONS / 2);
    expect(read).toBeGreaterThan(0);
  });

  test('all that was taken is given back', () => {
    expect(process.memoryUsage().rss).toBeLessThan(1e9);
  });
});

/** What all cases of reference numbers share: reading a folder, and how far two tensors are apart. Knows no model. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SessionOptions } from '../core/backends/index.js';
import { readSafetensors } from '../core/checkpoint/safetensors.js';
import { hostTensor } from '../core/tensor.js';
import type { HostTensor } from '../core/tensor.js';

/** The largest relative error of one group of tensors. */
export interface GroupError {
  readonly name: string;
  readonly error: number;
}

/** Runs one case, on one thread of the CPU unless told otherwise, and compares. */
export type CaseRunner = (folder: string, runtime?: SessionOptions) => Promise<GroupError[]>;

export const oneThread: SessionOptions = { threads: 1 };

export type Tensors = Readonly<Record<string, HostTensor>>;

export async function readTensors(folder: string, file: string): Promise<Tensors> {
  return readSafetensors(await readFile(path.join(folder, file))).tensors;
}

export async function readJson(folder: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(folder, file), 'utf8'));
}

/** @throws RangeError when the case lacks the tensor. */
export function tensor(tensors: Tensors, name: string): HostTensor {
  const found = tensors[name];
  if (found === undefined)
    throw new RangeError(
      `golden case: expected a tensor ${name}, got ${Object.keys(tensors).slice(0, 4).join(', ')} …`,
    );
  return found;
}

/** An integer tensor as int32, which the graphs take. */
export function int32(tensors: Tensors, name: string): HostTensor<'int32'> {
  const { shape, data } = tensor(tensors, name);
  return hostTensor('int32', shape, Int32Array.from(data, Number));
}

/**
 * Below this size a tensor's values are compared in absolute terms: some gradients are exactly 0 in theory (a bias that is
 * added to all keys moves no attention), and float32 leaves 1e-9 of them.
 */
const SMALLEST_SCALE = 1e-4;

/** max |a − b| / max(max |b|, 1e-4) over one tensor; Infinity when shapes differ or a value is not finite. */
export function relativeError(actual: HostTensor, expected: HostTensor): number {
  if (actual.data.length !== expected.data.length) return Infinity;
  let difference = 0;
  let scale = SMALLEST_SCALE;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [Number(actual.data[i]), Number(expected.data[i])];
    if (!Number.isFinite(a)) return Infinity;
    difference = Math.max(difference, Math.abs(a - b));
    scale = Math.max(scale, Math.abs(b));
  }
  return difference / scale;
}

/** The largest error over tensors that the case holds as `<prefix><name>`. */
export function groupError(name: string, actual: Tensors, expected: Tensors, prefix: string): GroupError {
  const errors = Object.entries(actual).map(([key, value]) => relativeError(value, tensor(expected, prefix + key)));
  return { name, error: Math.max(...errors) };
}

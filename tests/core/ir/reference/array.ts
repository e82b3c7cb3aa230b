/** Arrays of the reference interpreter: every dtype as double-precision numbers, so that it can be differentiated by differences. */

import { float16Bits } from '../../../../core/half-precision.js';
import { numbersOf } from '../../../../core/ir/numbers.js';
import type { DType, HostTensor, Shape } from '../../../../core/tensor.js';
import { hostTensor, sizeOf } from '../../../../core/tensor.js';

export interface RefArray {
  readonly shape: Shape;
  readonly data: readonly number[];
}

export function fromHost(tensor: HostTensor): RefArray {
  return { shape: tensor.shape, data: numbersOf(tensor) };
}

const makers = {
  float32: (shape: Shape, data: readonly number[]) => hostTensor('float32', shape, Float32Array.from(data)),
  float16: (shape: Shape, data: readonly number[]) => hostTensor('float16', shape, Uint16Array.from(data, float16Bits)),
  int32: (shape: Shape, data: readonly number[]) => hostTensor('int32', shape, Int32Array.from(data)),
  int64: (shape: Shape, data: readonly number[]) => hostTensor('int64', shape, BigInt64Array.from(data, BigInt)),
  bool: (shape: Shape, data: readonly number[]) => hostTensor('bool', shape, Uint8Array.from(data)),
} as const;

export function toHost(dtype: DType, { shape, data }: RefArray): HostTensor {
  return makers[dtype](shape, data);
}

/** Fills a shape by a function of the index along each axis. */
export function build(shape: Shape, element: (index: readonly number[]) => number): RefArray {
  return { shape, data: Array.from({ length: sizeOf(shape) }, (_, flat) => element(unflatten(shape, flat))) };
}

export function at(array: RefArray, index: readonly number[]): number {
  const value = array.data[flatten(array.shape, index)];
  if (value === undefined) throw new RangeError(`no element [${index.join(', ')}] in [${array.shape.join(', ')}]`);
  return value;
}

/** Reads as if broadcast: trailing axes are matched, axes of size 1 repeat. */
export function atBroadcast(array: RefArray, index: readonly number[]): number {
  const lead = index.length - array.shape.length;
  return at(
    array,
    array.shape.map((size, axis) => (size === 1 ? 0 : (index[axis + lead] ?? 0))),
  );
}

export function flatten(shape: Shape, index: readonly number[]): number {
  return shape.reduce((flat, size, axis) => flat * size + (index[axis] ?? 0), 0);
}

export function unflatten(shape: Shape, flat: number): readonly number[] {
  const index: number[] = [];
  let rest = flat;
  for (const size of shape.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** The index with one axis replaced. */
export function moved(index: readonly number[], axis: number, to: number): readonly number[] {
  return index.with(axis, to);
}

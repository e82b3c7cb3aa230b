/** Views of flat values by offset, shape and strides, all counted in elements. Knows neither dtypes nor files. */

import type { HostTensor } from '../tensor.js';
import { PickleFormatError } from './pickle-values.js';

export interface StridedView {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Partial sums and products stay below 2^53, so that hostile numbers neither wrap nor round. */
export function checkView(name: string, { offset, shape, strides }: StridedView, elements: number): void {
  if (strides.length !== shape.length)
    throw new PickleFormatError(name, `${shape.length} strides`, `${strides.length}`);
  let last = offset;
  let count = 1;
  for (const [axis, size] of shape.entries()) {
    last += Math.max(0, size - 1) * (strides[axis] ?? 0);
    count *= Math.max(1, size);
    if (!Number.isSafeInteger(last) || !Number.isSafeInteger(count))
      throw new PickleFormatError(name, 'fewer than 2^53 elements', `[${shape.slice(0, 8).join(', ')}]`);
  }
  const isEmpty = shape.includes(0);
  if (isEmpty ? offset > elements : last >= elements)
    throw new PickleFormatError(name, `a view of ${elements} elements`, `one that reaches element ${last}`);
  if (count > elements && !isEmpty)
    throw new PickleFormatError(name, `at most the storage's ${elements} elements`, `${count}`);
}

/** Row-major strides; those of sizes 0 and 1 do not matter. */
function isContiguous({ shape, strides }: StridedView): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    if (size > 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

/** Offsets of every element in row-major order. */
function gatherOffsets({ offset, shape, strides }: StridedView): Float64Array {
  let offsets = Float64Array.of(offset);
  for (const [axis, size] of shape.entries()) {
    const stride = strides[axis] ?? 0;
    const next = new Float64Array(offsets.length * size);
    offsets.forEach((base, i) => {
      for (let index = 0; index < size; index++) next[i * size + index] = base + index * stride;
    });
    offsets = next;
  }
  return offsets;
}

/**
 * The view's values in row-major order: a window on `data` where the strides allow it, else a copy, whose number of
 * elements is `copied`. The view must have passed `checkView`.
 */
export function viewValues(data: HostTensor['data'], view: StridedView): { data: HostTensor['data']; copied: number } {
  const count = view.shape.reduce((product, size) => product * size, 1);
  if (count === 0) return { data: data.slice(0, 0), copied: 0 };
  if (isContiguous(view)) return { data: data.subarray(view.offset, view.offset + count), copied: 0 };
  const offsets = gatherOffsets(view);
  const copy = data.slice(0, count);
  offsets.forEach((from, to) => {
    copy[to] = data[from] ?? 0;
  });
  return { data: copy, copied: count };
}

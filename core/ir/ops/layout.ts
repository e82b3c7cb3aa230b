/** Ops that move elements without computing on them. */

import type { DType, Shape } from '../../tensor.js';
import { sizeOf } from '../../tensor.js';
import { emit, isOp, typed } from '../emit.js';
import { ShapeError } from '../errors.js';
import type { Value } from '../graph.js';
import { normalAxis, sameShape, showShape, sizeAt } from '../shapes.js';
import type { Numeric } from './elementwise.js';

/** Axis i of the result is axis `perm[i]` of x. */
export function transpose<D extends DType>(x: Value<D>, perm: readonly number[]): Value<D> {
  if (perm.every((axis, index) => axis === index) && perm.length === x.shape.length) return x;
  return typed(emit('Transpose', [x], { perm }).outputs[0], x.dtype);
}

/** Same elements in row-major order; one size may be −1 and is worked out. */
export function reshape<D extends DType>(x: Value<D>, shape: Shape): Value<D> {
  const full = fillIn(x.shape, shape);
  if (sameShape(x.shape, full)) return x;
  const before = x.graph.producer(x);
  if (isOp(before, 'Reshape')) return reshape(typed(before.inputs[0], x.dtype), full);
  return typed(emit('Reshape', [x], { shape: full }).outputs[0], x.dtype);
}

function fillIn(from: Shape, to: Shape): Shape {
  const open = to.filter((size) => size === -1).length;
  if (open === 0) return to;
  const known = to.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const missing = sizeOf(from) / known;
  if (open > 1 || !Number.isInteger(missing)) {
    throw new ShapeError('reshape', `one −1 at most and a shape of ${sizeOf(from)} elements`, showShape(to));
  }
  return to.map((size) => (size === -1 ? missing : size));
}

/** Repeats axes of size 1, and adds leading ones, up to the shape. */
export function expand<D extends DType>(x: Value<D>, shape: Shape): Value<D> {
  return sameShape(x.shape, shape) ? x : typed(emit('Expand', [x], { shape }).outputs[0], x.dtype);
}

/** Joins tensors along an axis. @throws ShapeError when other axes differ or none is given */
export function concat<D extends DType>(xs: readonly Value<D>[], axis: number): Value<D> {
  const [first] = xs;
  if (!first) throw new ShapeError('concat', 'at least one operand', 'none');
  if (xs.length === 1) return first;
  return typed(emit('Concat', xs, { axis: normalAxis('concat', axis, first.shape.length) }).outputs[0], first.dtype);
}

/** Cuts x along an axis into parts: that many equal ones, or ones of the given sizes. Cheaper to differentiate than slices. */
export function split<D extends DType>(
  x: Value<D>,
  axis: number,
  parts: number | readonly number[],
): readonly Value<D>[] {
  const normal = normalAxis('split', axis, x.shape.length);
  const sizes = typeof parts === 'number' ? Array<number>(parts).fill(sizeAt(x.shape, normal) / parts) : parts;
  return emit('Split', [x], { axis: normal, sizes }).outputs.map((part) => typed(part, x.dtype));
}

/** Elements start … end − 1 of an axis; both count from the end when negative, and end is the size when left out. */
export function slice<D extends DType>(
  x: Value<D>,
  { axis, start, end }: { axis: number; start: number; end?: number },
): Value<D> {
  const normal = normalAxis('slice', axis, x.shape.length);
  const size = sizeAt(x.shape, normal);
  const from = start < 0 ? start + size : start;
  const to = end === undefined ? size : end < 0 ? end + size : end;
  if (from === 0 && to === size) return x;
  return typed(emit('Slice', [x], { axis: normal, start: from, end: to }).outputs[0], x.dtype);
}

/** Zeros before and after along an axis. */
export function pad<D extends Numeric>(
  x: Value<D>,
  { axis, before = 0, after = 0 }: { axis: number; before?: number; after?: number },
): Value<D> {
  const normal = normalAxis('pad', axis, x.shape.length);
  if (before === 0 && after === 0) return x;
  return typed(emit('Pad', [x], { axis: normal, before, after }).outputs[0], x.dtype);
}

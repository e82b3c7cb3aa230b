/** Sums, means, maxima and running sums along axes. */

import type { Floating } from '../../tensor.js';
import { emit, typed } from '../emit.js';
import type { Value } from '../graph.js';
import { normalAxes, normalAxis } from '../shapes.js';
import type { Numeric } from './elementwise.js';

export interface ReduceOptions {
  /** Leaves reduced axes with size 1. */
  keepDims?: boolean;
}

function reduce<D extends Numeric>(
  op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax',
  x: Value<D>,
  axes: readonly number[] | undefined,
  keepDims: boolean,
): Value<D> {
  const normal = normalAxes(op, axes ?? x.shape.map((_, axis) => axis), x.shape.length);
  if (normal.length === 0) return x;
  return typed(emit(op, [x], { axes: normal, keepDims }).outputs[0], x.dtype);
}

/** Over the given axes; over all of them when left out. */
export const reduceSum = <D extends Numeric>(
  x: Value<D>,
  axes?: readonly number[],
  { keepDims = false }: ReduceOptions = {},
): Value<D> => reduce('ReduceSum', x, axes, keepDims);

/** Over the given axes; over all of them when left out. */
export const reduceMean = <D extends Floating>(
  x: Value<D>,
  axes?: readonly number[],
  { keepDims = false }: ReduceOptions = {},
): Value<D> => reduce('ReduceMean', x, axes, keepDims);

/** Over the given axes; over all of them when left out. */
export const reduceMax = <D extends Numeric>(
  x: Value<D>,
  axes?: readonly number[],
  { keepDims = false }: ReduceOptions = {},
): Value<D> => reduce('ReduceMax', x, axes, keepDims);

/** Running sum along an axis; `exclusive` leaves out the element itself, `reverse` runs from the end. */
export function cumSum<D extends Numeric>(
  x: Value<D>,
  axis: number,
  { exclusive = false, reverse = false }: { exclusive?: boolean; reverse?: boolean } = {},
): Value<D> {
  const attributes = { axis: normalAxis('cumSum', axis, x.shape.length), exclusive, reverse };
  return typed(emit('CumSum', [x], attributes).outputs[0], x.dtype);
}

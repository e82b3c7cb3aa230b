/** Ops that pick and place elements by index. */

import type { DType } from '../../tensor.js';
import { emit, output, typed } from '../emit.js';
import type { Value } from '../graph.js';
import { normalAxis } from '../shapes.js';
import type { Integer } from './elementwise.js';

/** Whole slices along an axis: the axis is replaced by the shape of the indices. gather([V, C], [B, T], 0) → [B, T, C] */
export function gather<D extends DType>(x: Value<D>, indices: Value<Integer>, axis = 0): Value<D> {
  const attributes = { axis: normalAxis('gather', axis, x.shape.length) };
  return typed(emit('Gather', [x, indices], attributes).outputs[0], x.dtype);
}

/** Single elements along an axis: result[…, i, …] = x[…, indices[…, i, …], …], of the shape of the indices. */
export function gatherElements<D extends DType>(x: Value<D>, indices: Value<Integer>, axis: number): Value<D> {
  const attributes = { axis: normalAxis('gatherElements', axis, x.shape.length) };
  return typed(emit('GatherElements', [x, indices], attributes).outputs[0], x.dtype);
}

/** A copy of x with x[…, indices[…, i, …], …] set to, or increased by, updates[…, i, …]. Repeated indices add up exactly. */
export function scatterElements<D extends DType>(
  x: Value<D>,
  indices: Value<Integer>,
  updates: Value<NoInfer<D>>,
  { axis, reduction = 'none' }: { axis: number; reduction?: 'none' | 'add' },
): Value<D> {
  const attributes = { axis: normalAxis('scatterElements', axis, x.shape.length), reduction };
  return typed(emit('ScatterElements', [x, indices, updates], attributes).outputs[0], x.dtype);
}

/** The k largest of the last axis in descending order, and where they were; the lower index first among equals. */
export function topK(x: Value<'float32'>, k: number): { values: Value<'float32'>; indices: Value<'int64'> } {
  const node = emit('TopK', [x], { k });
  return { values: typed(node.outputs[0], 'float32'), indices: typed(output(node, 1), 'int64') };
}

/** Index of the largest element of an axis, which disappears; the first among equals. */
export function argMax(x: Value<'float32'>, axis: number): Value<'int64'> {
  return typed(emit('ArgMax', [x], { axis: normalAxis('argMax', axis, x.shape.length) }).outputs[0], 'int64');
}

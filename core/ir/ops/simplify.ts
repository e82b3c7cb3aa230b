/** Rewrites of element-wise operands that spare a pass over their elements. Results stay the same to the bit. */

import type { DType } from '../../tensor.js';
import { numbersOf } from '../numbers.js';
import { isOp, typed } from '../emit.js';
import type { Value } from '../graph.js';
import { broadcastShapes, sameShape } from '../shapes.js';

/** Reads expanded operands before their expansion where the op's own broadcasting does the same. */
export function withoutExpansion<D extends DType>(
  where: string,
  a: Value<D>,
  b: Value<D>,
): readonly [Value<D>, Value<D>] {
  const left = sourceOf(where, a, b);
  return [left, sourceOf(where, b, left)];
}

function sourceOf<D extends DType>(where: string, x: Value<D>, other: Value<D>): Value<D> {
  const node = x.graph.producer(x);
  if (!isOp(node, 'Expand')) return x;
  const source = typed(node.inputs[0], x.dtype);
  const full = broadcastShapes(where, x.shape, other.shape);
  return sameShape(broadcastShapes(where, source.shape, other.shape), full) ? source : x;
}

/** Whether a value is the constant `element` of rank 0. */
export function isScalar(value: Value, element: number): boolean {
  const node = value.graph.producer(value);
  return value.shape.length === 0 && isOp(node, 'Constant') && numbersOf(node.attributes.tensor)[0] === element;
}

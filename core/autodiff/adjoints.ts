/** Sums of gradients, and their way back through broadcasting. Knows no op's derivative. */

import { isOp, typed } from '../ir/emit.js';
import type { Graph, Node, Value } from '../ir/graph.js';
import { add, cast, expand, matMul, reduceSum, reshape, scalar, scatterElements } from '../ir/index.js';
import { numbersOf } from '../ir/numbers.js';
import { sameShape, sizeAt } from '../ir/shapes.js';
import { sizeOf } from '../tensor.js';
import type { Shape } from '../tensor.js';
import type { Float } from './rule.js';

/** An operand that takes part in a derivative; gradients are float32, also those of float16. @throws DTypeError when it is no float */
export const float = (value: Value): Float =>
  value.dtype === 'float16' ? cast(value, 'float32') : typed(value, 'float32');

export function zeros(graph: Graph, shape: Shape): Float {
  return expand(scalar(graph, 0), shape);
}

/** Sums a gradient over the axes along which an operand of this shape was repeated. */
export function unbroadcast(dY: Float, shape: Shape): Float {
  if (sameShape(dY.shape, shape)) return dY;
  const lead = dY.shape.length - shape.length;
  const axes = dY.shape.flatMap((size, axis) =>
    axis < lead || (size !== 1 && sizeAt(shape, axis - lead) === 1) ? [axis] : [],
  );
  const leading = axes.every((axis, index) => axis === index);
  if (leading && axes.length < dY.shape.length) return reshape(columnSums(dY, axes.length), shape);
  return reshape(reduceSum(dY, axes, { keepDims: true }), shape);
}

/** Sums over the first `count` axes, [1, …]: a row of ones times a matrix, which runtimes do faster than such a sum. */
export function columnSums(x: Float, count = 1): Float {
  const rows = sizeOf(x.shape.slice(0, count));
  const ones = expand(scalar(x.graph, 1), [1, rows]);
  return matMul(ones, reshape(x, [rows, -1]));
}

/** The node, if it adds updates to a tensor of zeros: a gradient that is zero but for a few elements. */
export function scatteredOnZeros(dY: Value): Node<'ScatterElements'> | undefined {
  const node = dY.graph.producer(dY);
  if (!isOp(node, 'ScatterElements') || node.attributes.reduction !== 'add') return undefined;
  return isZeros(node.inputs[0]) ? node : undefined;
}

function isZeros(value: Value): boolean {
  const node = value.graph.producer(value);
  if (isOp(node, 'Expand')) return isZeros(node.inputs[0]);
  return isOp(node, 'Constant') && numbersOf(node.attributes.tensor).every((element) => element === 0);
}

/** a + b. A sparse one is added to the other in place of a sum over all elements. */
export function accumulate(a: Float | undefined, b: Float): Float {
  if (!a) return b;
  return scatterInto(a, b) ?? scatterInto(b, a) ?? add(a, b);
}

function scatterInto(dense: Float, sparse: Float): Float | undefined {
  const node = scatteredOnZeros(sparse);
  if (!node) return undefined;
  const [, indices, updates] = node.inputs;
  return scatterElements(dense, integers(indices), float(updates), { axis: node.attributes.axis, reduction: 'add' });
}

/** Indices as the op table allows them. */
export function integers(value: Value): Value<'int32'> | Value<'int64'> {
  return value.dtype === 'int32' ? typed(value, 'int32') : typed(value, 'int64');
}

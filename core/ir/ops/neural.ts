/** Matrix products, softmax and normalisation. */

import { emit, typed } from '../emit.js';
import type { Value } from '../graph.js';
import type { MatMulAttributes } from '../op-table.js';
import { normalAxis, sizeAt } from '../shapes.js';
import { reshape } from './layout.js';

/**
 * alpha · op(a) · op(b) over the last two axes, leading ones broadcast; op swaps the two when asked to.
 * A product [..., M, K] × [K, N] is done as one two-dimensional product.
 * @throws ShapeError when the inner sizes differ
 */
export function matMul(
  a: Value<'float32'>,
  b: Value<'float32'>,
  { transA = false, transB = false, alpha = 1 }: Partial<MatMulAttributes> = {},
): Value<'float32'> {
  const attributes = { transA, transB, alpha };
  if (a.shape.length > 2 && b.shape.length === 2 && !transA) {
    const rows = a.shape.slice(0, -1);
    const flat = reshape(a, [-1, sizeAt(a.shape, a.shape.length - 1)]); // [… · M, K]
    const product = matMul(flat, b, attributes);
    return reshape(product, [...rows, sizeAt(product.shape, 1)]); // [..., M, N]
  }
  return typed(emit('MatMul', [a, b], attributes).outputs[0], 'float32');
}

/** exp(x) / Σ exp(x) along an axis. */
export function softmax(x: Value<'float32'>, axis = -1): Value<'float32'> {
  return typed(emit('Softmax', [x], { axis: normalAxis('softmax', axis, x.shape.length) }).outputs[0], 'float32');
}

/** x − log Σ exp(x) along an axis. */
export function logSoftmax(x: Value<'float32'>, axis = -1): Value<'float32'> {
  return typed(emit('LogSoftmax', [x], { axis: normalAxis('logSoftmax', axis, x.shape.length) }).outputs[0], 'float32');
}

/** (x − mean) / √(variance + epsilon) · scale + bias over the last axis. Ba et al. 2016 (arXiv 1607.06450). */
export function layerNorm(
  x: Value<'float32'>, // [..., C]
  scale: Value<'float32'>, // [C]
  bias: Value<'float32'>, // [C]
  { epsilon = 1e-5 }: { epsilon?: number } = {},
): Value<'float32'> {
  return typed(emit('LayerNormalization', [x, scale, bias], { epsilon }).outputs[0], 'float32');
}

/** Matrix products, softmax and normalisation. */

import type { Floating } from '../../tensor.js';
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
export function matMul<D extends Floating>(
  a: Value<D>,
  b: Value<NoInfer<D>>,
  { transA = false, transB = false, alpha = 1 }: Partial<MatMulAttributes> = {},
): Value<D> {
  const attributes = { transA, transB, alpha };
  if (a.shape.length > 2 && b.shape.length === 2 && !transA) {
    const rows = a.shape.slice(0, -1);
    const flat = reshape(a, [-1, sizeAt(a.shape, a.shape.length - 1)]); // [… · M, K]
    const product = matMul(flat, b, attributes);
    return reshape(product, [...rows, sizeAt(product.shape, 1)]); // [..., M, N]
  }
  return typed(emit('MatMul', [a, b], attributes).outputs[0], a.dtype);
}

/** exp(x) / Σ exp(x) along an axis. */
export function softmax<D extends Floating>(x: Value<D>, axis = -1): Value<D> {
  return typed(emit('Softmax', [x], { axis: normalAxis('softmax', axis, x.shape.length) }).outputs[0], x.dtype);
}

/** x − log Σ exp(x) along an axis. */
export function logSoftmax<D extends Floating>(x: Value<D>, axis = -1): Value<D> {
  return typed(emit('LogSoftmax', [x], { axis: normalAxis('logSoftmax', axis, x.shape.length) }).outputs[0], x.dtype);
}

/** (x − mean) / √(variance + epsilon) · scale + bias over the last axis. Ba et al. 2016 (arXiv 1607.06450). */
export function layerNorm<D extends Floating>(
  x: Value<D>, // [..., C]
  scale: Value<NoInfer<D>>, // [C]
  bias: Value<NoInfer<D>>, // [C]
  { epsilon = 1e-5 }: { epsilon?: number } = {},
): Value<D> {
  return typed(emit('LayerNormalization', [x, scale, bias], { epsilon }).outputs[0], x.dtype);
}

/** Places along one axis as places in the flat tensor, for gathering and scattering single elements. */

import type { Shape } from '../../tensor.js';
import { sizeOf } from '../../tensor.js';
import type { Tfjs, TfTensor } from './library.js';

/** Flat numbers in a tensor of `shape` of x[…, indices[…, i, …], …]: [size of indices]. */
export function flatIndices(tf: Tfjs, shape: Shape, indices: TfTensor, axis: number): TfTensor {
  const strides = shape.map((_, dim) => sizeOf(shape.slice(dim + 1)));
  const rest = restOf(indices.shape, strides, axis);
  const count = rest.length;
  const along = tf.mul(tf.reshape(indices, [count]), tf.scalar(strides[axis] ?? 1, 'int32'));
  return tf.add(along, tf.tensor(rest, [count], 'int32'));
}

/** What all axes but one contribute. */
function restOf(shape: Shape, strides: readonly number[], axis: number): Int32Array {
  const rest = new Int32Array(sizeOf(shape));
  const own = shape.map((_, dim) => sizeOf(shape.slice(dim + 1)));
  for (let i = 0; i < rest.length; i++) {
    let place = 0;
    for (let dim = 0; dim < shape.length; dim++) {
      if (dim !== axis) place += (Math.floor(i / own[dim]!) % shape[dim]!) * strides[dim]!;
    }
    rest[i] = place;
  }
  return rest;
}

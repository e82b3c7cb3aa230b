/** Inference for ops that move elements: sizes must add up. */

import { sizeOf } from '../../tensor.js';
import { ShapeError } from '../errors.js';
import type { Spec } from '../graph.js';
import { broadcastsTo, sameShape, showShape, sizeAt, withSize } from '../shapes.js';
import type { Rule } from './rule.js';
import { numbers, needDType, needSame, needAxis } from './rule.js';

export const concat: Rule<'Concat'> = (inputs, { axis }) => {
  const [first, ...rest] = inputs;
  if (!first) throw new ShapeError('concat', 'at least one operand', 'none');
  needAxis('concat', axis, first.shape);
  for (const other of rest) {
    needSame('concat', first, other);
    if (!sameShape(withSize(first.shape, axis, 0), withSize(other.shape, axis, 0))) {
      const got = inputs.map((input) => showShape(input.shape)).join(', ');
      throw new ShapeError('concat', `shapes that differ along axis ${axis} only`, got);
    }
  }
  const size = inputs.reduce((sum, input) => sum + sizeAt(input.shape, axis), 0);
  return [{ dtype: first.dtype, shape: withSize(first.shape, axis, size) }];
};

export const split: Rule<'Split'> = ([x], { axis, sizes }) => {
  needAxis('split', axis, x.shape);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const [first, ...rest] = sizes.map((size): Spec => ({ dtype: x.dtype, shape: withSize(x.shape, axis, size) }));
  if (!first || total !== sizeAt(x.shape, axis)) {
    throw new ShapeError('split', `sizes that add up to ${sizeAt(x.shape, axis)}`, `[${sizes.join(', ')}]`);
  }
  return [first, ...rest];
};

export const slice: Rule<'Slice'> = ([x], { axis, start, end }) => {
  needAxis('slice', axis, x.shape);
  const size = sizeAt(x.shape, axis);
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= size)) {
    throw new ShapeError(
      'slice',
      `0 ≤ start ≤ end ≤ ${size} along axis ${axis} of ${showShape(x.shape)}`,
      `${start}, ${end}`,
    );
  }
  return [{ dtype: x.dtype, shape: withSize(x.shape, axis, end - start) }];
};

export const pad: Rule<'Pad'> = ([x], { axis, before, after }) => {
  needDType('pad', x, numbers);
  needAxis('pad', axis, x.shape);
  return [{ dtype: x.dtype, shape: withSize(x.shape, axis, sizeAt(x.shape, axis) + before + after) }];
};

export const reshape: Rule<'Reshape'> = ([x], { shape }) => {
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw new ShapeError(
      'reshape',
      `a shape of ${sizeOf(x.shape)} elements, as ${showShape(x.shape)} has`,
      showShape(shape),
    );
  }
  return [{ dtype: x.dtype, shape }];
};

export const expand: Rule<'Expand'> = ([x], { shape }) => {
  if (!broadcastsTo(x.shape, shape)) {
    throw new ShapeError('expand', `a shape that ${showShape(x.shape)} broadcasts to`, showShape(shape));
  }
  return [{ dtype: x.dtype, shape }];
};

export const transpose: Rule<'Transpose'> = ([x], { perm }) => {
  const sorted = [...perm].sort((a, b) => a - b);
  if (perm.length !== x.shape.length || sorted.some((axis, index) => axis !== index)) {
    throw new ShapeError('transpose', `an order of the axes of ${showShape(x.shape)}`, `[${perm.join(', ')}]`);
  }
  return [{ dtype: x.dtype, shape: perm.map((axis) => sizeAt(x.shape, axis)) }];
};

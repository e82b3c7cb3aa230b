/** Inference for ops that pick and place by index. */

import { ShapeError } from '../errors.js';
import type { Spec } from '../graph.js';
import { reducedShape, sameShape, showShape, sizeAt, withSize } from '../shapes.js';
import type { Rule } from './rule.js';
import { floats, numbers, integers, all, needDType, needSame, needAxis } from './rule.js';

export const gather: Rule<'Gather'> = ([x, indices], { axis }) => {
  needDType('gather indices', indices, integers);
  needAxis('gather', axis, x.shape);
  return [{ dtype: x.dtype, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }];
};

function needWithin(where: string, x: Spec, indices: Spec, axis: number): void {
  needDType(`${where} indices`, indices, integers);
  needAxis(where, axis, x.shape);
  const fits = indices.shape.every((size, index) => index === axis || size <= sizeAt(x.shape, index));
  if (indices.shape.length !== x.shape.length || !fits) {
    const expected = `indices of the rank of ${showShape(x.shape)}, no larger but along axis ${axis}`;
    throw new ShapeError(where, expected, showShape(indices.shape));
  }
}

export const gatherElements: Rule<'GatherElements'> = ([x, indices], { axis }) => {
  needWithin('gatherElements', x, indices, axis);
  return [{ dtype: x.dtype, shape: indices.shape }];
};

export const scatterElements: Rule<'ScatterElements'> = ([x, indices, updates], { axis, reduction: how }) => {
  needDType('scatterElements', x, how === 'add' ? numbers : all);
  needSame('scatterElements', x, updates);
  needWithin('scatterElements', x, indices, axis);
  if (!sameShape(indices.shape, updates.shape)) {
    throw new ShapeError(
      'scatterElements',
      `updates of the indices' shape ${showShape(indices.shape)}`,
      showShape(updates.shape),
    );
  }
  return [{ dtype: x.dtype, shape: x.shape }];
};

export const topK: Rule<'TopK'> = ([x], { k }) => {
  needDType('topK', x, floats);
  const axis = x.shape.length - 1;
  needAxis('topK', axis, x.shape);
  if (!(Number.isInteger(k) && k >= 1 && k <= sizeAt(x.shape, axis))) {
    throw new ShapeError('topK', `1 ≤ k ≤ ${sizeAt(x.shape, axis)}`, String(k));
  }
  const shape = withSize(x.shape, axis, k);
  return [
    { dtype: x.dtype, shape },
    { dtype: 'int64', shape },
  ];
};

export const argMax: Rule<'ArgMax'> = ([x], { axis }) => {
  needDType('argMax', x, floats);
  needAxis('argMax', axis, x.shape);
  return [{ dtype: 'int64', shape: reducedShape(x.shape, [axis], false) }];
};

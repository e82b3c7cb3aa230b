/** Inference for reductions and for ops along one axis. */

import type { DType } from '../../tensor.js';
import type { NonEmpty, Spec } from '../graph.js';
import type { AttributesOf } from '../op-table.js';
import { reducedShape } from '../shapes.js';
import { needDType, needAxis } from './rule.js';

export const reduction =
  (where: string, allowed: readonly DType[]) =>
  ([x]: readonly [Spec], { axes, keepDims }: AttributesOf<'ReduceSum'>): NonEmpty<Spec> => {
    needDType(where, x, allowed);
    for (const axis of axes) needAxis(where, axis, x.shape);
    return [{ dtype: x.dtype, shape: reducedShape(x.shape, axes, keepDims) }];
  };

export const alongAxis =
  (where: string, allowed: readonly DType[]) =>
  ([x]: readonly [Spec], { axis }: { readonly axis: number }): NonEmpty<Spec> => {
    needDType(where, x, allowed);
    needAxis(where, axis, x.shape);
    return [{ dtype: x.dtype, shape: x.shape }];
  };

/** Inference for element-wise ops: one dtype, shapes that broadcast. */

import type { DType } from '../../tensor.js';
import type { NonEmpty, Spec } from '../graph.js';
import { broadcastShapes } from '../shapes.js';
import type { Rule } from './rule.js';
import { numbers, bools, needDType, needSame } from './rule.js';

export const unary =
  (where: string, allowed: readonly DType[]) =>
  ([x]: readonly [Spec]): NonEmpty<Spec> => {
    needDType(where, x, allowed);
    return [{ dtype: x.dtype, shape: x.shape }];
  };

export const binary =
  (where: string, allowed: readonly DType[], result?: DType) =>
  ([a, b]: readonly [Spec, Spec]): NonEmpty<Spec> => {
    needDType(where, a, allowed);
    needSame(where, a, b);
    return [{ dtype: result ?? a.dtype, shape: broadcastShapes(where, a.shape, b.shape) }];
  };

export const where: Rule<'Where'> = ([condition, a, b]) => {
  needDType('where condition', condition, bools);
  needDType('where', a, numbers);
  needSame('where', a, b);
  const branches = broadcastShapes('where', a.shape, b.shape);
  return [{ dtype: a.dtype, shape: broadcastShapes('where', condition.shape, branches) }];
};

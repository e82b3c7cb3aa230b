/** The type of inference rules, and the checks that several of them share. */

import type { DType, Shape } from '../../tensor.js';
import { DTypeError, ShapeError } from '../errors.js';
import type { NonEmpty, Spec } from '../graph.js';
import type { AttributesOf, InputsOf, OpName } from '../op-table.js';
import { showShape } from '../shapes.js';

/** From the operands and attributes of an op to what it gives. */
export type Rule<K extends OpName> = (inputs: InputsOf<K>, attributes: AttributesOf<K>) => NonEmpty<Spec>;
export type InferRules = { readonly [K in OpName]: Rule<K> };

export const floats: readonly DType[] = ['float32', 'float16'];
export const numbers: readonly DType[] = ['float32', 'float16', 'int32', 'int64'];
export const integers: readonly DType[] = ['int32', 'int64'];
export const bools: readonly DType[] = ['bool'];
export const all: readonly DType[] = ['float32', 'float16', 'int32', 'int64', 'bool'];

export function needDType(where: string, spec: Spec, allowed: readonly DType[]): void {
  if (!allowed.includes(spec.dtype))
    throw new DTypeError(where, allowed.join(' or '), `${spec.dtype} ${showShape(spec.shape)}`);
}

export function needSame(where: string, a: Spec, b: Spec): void {
  if (a.dtype !== b.dtype)
    throw new DTypeError(where, 'operands of one dtype (cast one of them)', `${a.dtype} and ${b.dtype}`);
}

export function needAxis(where: string, axis: number, shape: Shape): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) {
    throw new ShapeError(where, `an axis of ${showShape(shape)}`, String(axis));
  }
}

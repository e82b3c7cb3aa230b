/** Element-wise ops with NumPy's broadcasting. */

import type { DType, Floating } from '../../tensor.js';
import type { Operand } from '../emit.js';
import { emit, operandPair, typed } from '../emit.js';
import type { Value } from '../graph.js';
import { isScalar, withoutExpansion } from './simplify.js';

export type Numeric = Exclude<DType, 'bool'>;
export type Integer = Exclude<Numeric, Floating>;

type UnaryOp = 'Neg' | 'Abs' | 'Sign' | 'Exp' | 'Log' | 'Sqrt' | 'Tanh' | 'Erf' | 'Sigmoid' | 'Not' | 'Identity';
type ArithmeticOp = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min';
type ComparisonOp = 'Equal' | 'Less' | 'Greater' | 'LessOrEqual' | 'GreaterOrEqual' | 'And' | 'Or';

/** The number that leaves the other operand as it is: on the right, and for the symmetric ops on the left too. */
const neutralRight: { readonly [K in ArithmeticOp]?: number } = { Sub: 0, Mul: 1, Div: 1 };
const neutralLeft: { readonly [K in ArithmeticOp]?: number } = { Mul: 1 };

function unary<D extends DType>(op: UnaryOp, x: Value<D>): Value<D> {
  return typed(emit(op, [x], {}).outputs[0], x.dtype);
}

function arithmetic<D extends DType>(op: ArithmeticOp, a: Operand<D>, b: Operand<D>): Value<D> {
  const [left, right] = withoutExpansion(op.toLowerCase(), ...operandPair(op.toLowerCase(), a, b));
  const [onLeft, onRight] = [neutralLeft[op], neutralRight[op]];
  if (onRight !== undefined && isScalar(right, onRight)) return left;
  if (onLeft !== undefined && isScalar(left, onLeft)) return right;
  return typed(emit(op, [left, right], {}).outputs[0], left.dtype);
}

function comparison<D extends DType>(op: ComparisonOp, a: Operand<D>, b: Operand<D>): Value<'bool'> {
  return typed(emit(op, operandPair(op, a, b), {}).outputs[0], 'bool');
}

/** Two operands of one dtype, one of which may be a number. */
interface Arithmetic {
  <D extends Numeric>(a: Value<D>, b: Operand<NoInfer<D>>): Value<D>;
  <D extends Numeric>(a: number, b: Value<D>): Value<D>;
}
interface Comparison<Allowed extends DType> {
  <D extends Allowed>(a: Value<D>, b: Operand<NoInfer<D>>): Value<'bool'>;
  <D extends Allowed>(a: number, b: Value<D>): Value<'bool'>;
}

export const add: Arithmetic = (a, b) => arithmetic('Add', a, b);
export const sub: Arithmetic = (a, b) => arithmetic('Sub', a, b);
export const mul: Arithmetic = (a, b) => arithmetic('Mul', a, b);
/** Integers are divided towards zero. */
export const div: Arithmetic = (a, b) => arithmetic('Div', a, b);
export const max: Arithmetic = (a, b) => arithmetic('Max', a, b);
export const min: Arithmetic = (a, b) => arithmetic('Min', a, b);

export const neg = <D extends Numeric>(x: Value<D>): Value<D> => unary('Neg', x);
export const abs = <D extends Numeric>(x: Value<D>): Value<D> => unary('Abs', x);
/** −1, 0 or 1. */
export const sign = <D extends Numeric>(x: Value<D>): Value<D> => unary('Sign', x);
export const exp = <D extends Floating>(x: Value<D>): Value<D> => unary('Exp', x);
export const log = <D extends Floating>(x: Value<D>): Value<D> => unary('Log', x);
export const sqrt = <D extends Floating>(x: Value<D>): Value<D> => unary('Sqrt', x);
export const tanh = <D extends Floating>(x: Value<D>): Value<D> => unary('Tanh', x);
export const erf = <D extends Floating>(x: Value<D>): Value<D> => unary('Erf', x);
export const sigmoid = <D extends Floating>(x: Value<D>): Value<D> => unary('Sigmoid', x);
/** A second name of a value; outputs that are inputs need it, nothing else does. */
export const identity = <D extends DType>(x: Value<D>): Value<D> => unary('Identity', x);

/** x · Φ(x), with Φ by erf. Hendrycks & Gimpel 2016 (arXiv 1606.08415), section 2. */
export const gelu = <D extends Floating>(x: Value<D>): Value<D> =>
  typed(emit('Gelu', [x], { approximate: 'none' }).outputs[0], x.dtype);

/** ½x (1 + tanh(√(2/π) (x + 0.044715x³))): GPT-2's `gelu_new`. Hendrycks & Gimpel 2016 (arXiv 1606.08415), section 2. */
export const geluTanh = <D extends Floating>(x: Value<D>): Value<D> =>
  typed(emit('Gelu', [x], { approximate: 'tanh' }).outputs[0], x.dtype);

export const equal: Comparison<DType> = (a, b) => comparison('Equal', a, b);
export const less: Comparison<Numeric> = (a, b) => comparison('Less', a, b);
export const greater: Comparison<Numeric> = (a, b) => comparison('Greater', a, b);
export const lessOrEqual: Comparison<Numeric> = (a, b) => comparison('LessOrEqual', a, b);
export const greaterOrEqual: Comparison<Numeric> = (a, b) => comparison('GreaterOrEqual', a, b);
export const and = (a: Value<'bool'>, b: Value<'bool'>): Value<'bool'> => comparison('And', a, b);
export const or = (a: Value<'bool'>, b: Value<'bool'>): Value<'bool'> => comparison('Or', a, b);
export const not = (x: Value<'bool'>): Value<'bool'> => unary('Not', x);

/** a where the condition holds, else b; all three broadcast. */
export function where<D extends Numeric>(condition: Value<'bool'>, a: Value<D>, b: Operand<NoInfer<D>>): Value<D>;
export function where<D extends Numeric>(condition: Value<'bool'>, a: number, b: Value<D>): Value<D>;
export function where<D extends Numeric>(condition: Value<'bool'>, a: Operand<D>, b: Operand<D>): Value<D> {
  const [left, right] = operandPair('where', a, b);
  return typed(emit('Where', [condition, left, right], {}).outputs[0], left.dtype);
}

/** Floats become integers towards zero, and float16 the nearest; anything but 0 becomes true. */
export function cast<D extends DType>(x: Value, to: D): Value<D> {
  return typed(x.dtype === to ? x : emit('Cast', [x], { to }).outputs[0], to);
}

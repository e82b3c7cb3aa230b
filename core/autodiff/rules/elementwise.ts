/** Derivatives of element-wise ops, from their results where these are cheaper than their operands. */

import { output, typed } from '../../ir/emit.js';
import type { Node } from '../../ir/graph.js';
import { add, div, exp, greaterOrEqual, lessOrEqual, mul, neg, sign, sub, where } from '../../ir/index.js';
import { float, unbroadcast } from '../adjoints.js';
import type { Float, GradientRule, GradientRules } from '../rule.js';

type UnaryOp = 'Neg' | 'Abs' | 'Exp' | 'Log' | 'Sqrt' | 'Tanh' | 'Erf' | 'Sigmoid';
type BinaryOp = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min';

/** dX from dY, the operand x and the result y. */
const unary =
  (derivative: (dY: Float, x: Float, y: Float) => Float) =>
  ({ inputs: [x], outputs: [y] }: Node<UnaryOp>, dY: Float) => [derivative(dY, float(x), float(y))];

/** dA and dB, still of the broadcast shape, from dY, both operands and the result. */
const binary =
  (derivative: (dY: Float, a: Float, b: Float, y: Float) => readonly [Float, Float]) =>
  ({ inputs: [a, b], outputs: [y] }: Node<BinaryOp>, dY: Float) => {
    const [dA, dB] = derivative(dY, float(a), float(b), float(y));
    return [unbroadcast(dA, a.shape), unbroadcast(dB, b.shape)];
  };

/** Φ(x) + x φ(x). */
function geluDerivative(x: Float, share: Float): Float {
  const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(share, mul(x, density));
}

/**
 * The tanh form is y = x s with s = σ(2u), u = √(2/π)(x + 0.044715x³), so y′ = s + y (1 − s) 2u′.
 * 2u′ = 3 (w − 4/3 √(2/π)) with w = 2u/x, which s was computed from; the 3 is left to the last sum, as both can be one op.
 */
function geluTanhDerivative(x: Float, y: Float, share: Float): Float {
  const root = Math.sqrt(2 / Math.PI);
  const w = add(mul(mul(x, x), 2 * root * 0.044715), 2 * root);
  return add(share, mul(mul(mul(y, sub(1, share)), sub(w, (4 / 3) * root)), 3));
}

const gelu: GradientRule<'Gelu'> = (node, dY) => {
  const [x, y, share] = [float(node.inputs[0]), float(node.outputs[0]), float(output(node, 1))];
  const slope = node.attributes.approximate === 'tanh' ? geluTanhDerivative(x, y, share) : geluDerivative(x, share);
  return [mul(dY, slope)];
};

const whereRule: GradientRule<'Where'> = ({ inputs: [condition, a, b] }, dY) => {
  const holds = typed(condition, 'bool');
  return [undefined, unbroadcast(where(holds, dY, 0), a.shape), unbroadcast(where(holds, 0, dY), b.shape)];
};

export const elementwiseGradients = {
  Add: binary((dY) => [dY, dY]),
  Sub: binary((dY) => [dY, neg(dY)]),
  Mul: binary((dY, a, b) => [mul(dY, b), mul(dY, a)]),
  Div: binary((dY, _, b, y) => {
    const dA = div(dY, b);
    return [dA, neg(mul(dA, y))];
  }),
  // Among equals the first operand counts as the larger, and as the smaller.
  Max: binary((dY, a, b) => [where(greaterOrEqual(a, b), dY, 0), where(greaterOrEqual(a, b), 0, dY)]),
  Min: binary((dY, a, b) => [where(lessOrEqual(a, b), dY, 0), where(lessOrEqual(a, b), 0, dY)]),
  Neg: unary((dY) => neg(dY)),
  Abs: unary((dY, x) => mul(dY, sign(x))),
  Exp: unary((dY, _, y) => mul(dY, y)),
  Log: unary((dY, x) => div(dY, x)),
  Sqrt: unary((dY, _, y) => div(mul(dY, 0.5), y)),
  Tanh: unary((dY, _, y) => mul(dY, sub(1, mul(y, y)))),
  Erf: unary((dY, x) => mul(dY, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))),
  Sigmoid: unary((dY, _, y) => mul(dY, mul(y, sub(1, y)))),
  Gelu: gelu,
  Where: whereRule,
} satisfies Partial<GradientRules>;

/**
 * Mixed precision: rewrites a float32 program so that its matrix products, and what only passes their results on, compute in
 * float16, and all that sums, normalises or exponentiates in float32 (Micikevicius et al. 2018, arXiv 1710.03740, section 3; the
 * lists are close to those of PyTorch's autocast). Knows no model and no optimizer.
 */

import { float16Bits, float16Value } from '../half-precision.js';
import { isFloating } from '../tensor.js';
import type { Floating } from '../tensor.js';
import { isOp } from './emit.js';
import type { Node, Value } from './graph.js';
import { numbersOf } from './numbers.js';
import type { OpName } from './op-table.js';
import type { Program } from './program.js';
import { castFloat, emitAgain, mapInputs, rewriteProgram } from './rewrite.js';
import { sizeAt } from './shapes.js';

export interface MixedPrecisionOptions {
  /** Parameters, which the optimizer keeps in float32: where they meet float16, they are rounded to it. */
  readonly masters: Iterable<Value>;
  /** Values that are float32 from there on, such as the gradients that the optimizer is given. */
  readonly exact: Iterable<Value>;
}

/** A float operand of a node. */
interface FloatOperand {
  readonly isHalf: boolean;
  /** Made of parameters and constants alone: takes the dtype of what it meets. */
  readonly adapts: boolean;
}

/** The dtype that a node computes in. */
type Rule<K extends OpName> = (operands: readonly FloatOperand[], node: Node<K>) => Floating;
type PrecisionRules = { readonly [K in Exclude<OpName, 'Loop'>]: Rule<K> };

const full = (): Floating => 'float32';

/** float16 where all operands are that do not adapt, else float32. */
const widest = (operands: readonly FloatOperand[]): Floating => {
  const deciding = operands.filter(({ adapts }) => !adapts);
  return deciding.length > 0 && deciding.every(({ isHalf }) => isHalf) ? 'float16' : 'float32';
};

/** A product with a single row or column is a weighted sum, such as the gradient of a bias, and sums stay exact. */
const product: Rule<'MatMul'> = (_, { outputs: [{ shape }] }) =>
  sizeAt(shape, shape.length - 1) === 1 || sizeAt(shape, shape.length - 2) === 1 ? 'float32' : 'float16';

/** Squares leave float16's range soonest, at 256 and at 2^-12. */
const unlessSquare: Rule<'Mul'> = (operands, { inputs: [a, b] }) => (a === b ? 'float32' : widest(operands));

const rules: PrecisionRules = {
  MatMul: product,

  Constant: full,
  Identity: widest,
  Recompute: widest,
  Add: widest,
  Sub: widest,
  Mul: unlessSquare,
  Max: widest,
  Min: widest,
  Neg: widest,
  Abs: widest,
  Sign: widest,
  Tanh: widest,
  Gelu: widest,
  Equal: widest,
  Less: widest,
  Greater: widest,
  LessOrEqual: widest,
  GreaterOrEqual: widest,
  And: widest,
  Or: widest,
  Not: widest,
  Where: widest,
  Cast: widest,
  Transpose: widest,
  Reshape: widest,
  Expand: widest,
  Concat: widest,
  Split: widest,
  Slice: widest,
  Pad: widest,
  Gather: widest,
  GatherElements: widest,

  Div: full,
  Exp: full,
  Log: full,
  Sqrt: full,
  Erf: full,
  Sigmoid: full,
  ScatterElements: full,
  ReduceSum: full,
  ReduceMean: full,
  ReduceMax: full,
  ArgMax: full,
  TopK: full,
  CumSum: full,
  Softmax: full,
  LogSoftmax: full,
  LayerNormalization: full,
};

/** The program in mixed precision; what goes in and comes out keeps its dtype. */
export function inMixedPrecision(source: Program, { masters, exact }: MixedPrecisionOptions): Program {
  const adapting = new Set(masters);
  const exactValues = new Set(exact);
  return rewriteProgram(source, (node, inputs, graph) => {
    if (adapts(node, adapting)) for (const output of node.outputs) adapting.add(output);
    const operands = node.inputs.flatMap((input, index) =>
      isFloating(input) ? [{ isHalf: inputs[index]?.dtype === 'float16', adapts: adapting.has(input) }] : [],
    );
    const dtype = dtypeOf(node, operands);
    const cast = (value: Value) => (isFloating(value) ? castFloat(value, dtype) : value);
    const outputs = emitAgain(node, mapInputs(inputs, cast), graph);
    return node.outputs.map((value, index) => {
      const output = outputs[index] ?? value;
      return exactValues.has(value) ? castFloat(output, 'float32') : output;
    });
  });
}

function dtypeOf<K extends Exclude<OpName, 'Loop'>>(node: Node<K>, operands: readonly FloatOperand[]): Floating {
  return rules[node.op](operands, node);
}

/** Whether a node's results follow the dtype of others: it reads parameters and constants alone, all within float16's range. */
function adapts(node: Node, adapting: ReadonlySet<Value>): boolean {
  if (isOp(node, 'Constant')) return numbersOf(node.attributes.tensor).every(isRepresentable);
  return node.inputs.every((input) => adapting.has(input));
}

/** Whether float16 has a number near: neither infinity nor, unless it is 0, 0. */
function isRepresentable(number: number): boolean {
  const near = float16Value(float16Bits(number));
  return Number.isFinite(near) && (near !== 0 || number === 0);
}

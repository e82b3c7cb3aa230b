/** How each op is written in ONNX, opset 21. Knows names and attributes; shapes are settled already. */

import type { Node, Value } from '../../ir/graph.js';
import type { OpName } from '../../ir/op-table.js';
import { lowerConcat, lowerSplit } from './lower-parts.js';
import { lowerGelu } from './lower-gelu.js';
import { lowerLoop } from './lower-loop.js';
import { lowerMatMul } from './lower-matmul.js';
import type { OnnxAttributes } from './protos.js';
import { onnxTypes } from './protos.js';
import type { Scope } from './scope.js';

type Rule<K extends OpName> = (node: Node<K>, scope: Scope) => void;
type LoweringRules = { readonly [K in OpName]: Rule<K> };

/** Writes one node by its op's rule. */
export function lowerNode<K extends OpName>(node: Node<K>, scope: Scope): void {
  loweringRules[node.op](node, scope);
}

interface Extra {
  readonly attributes?: OnnxAttributes;
  /** Names of operands that ONNX takes as tensors and we as attributes. */
  readonly operands?: readonly string[];
}

/** The same op under the same name; outputs that nothing reads are left out from the end on. */
function write(node: Node, scope: Scope, { attributes = {}, operands = [] }: Extra = {}): void {
  const inputs = [...node.inputs.map((input) => scope.name(input)), ...operands];
  scope.write({ op: node.op, inputs, outputs: outputNames(node.outputs, scope), attributes });
}

function outputNames(outputs: readonly Value[], scope: Scope): readonly string[] {
  const last = outputs.findLastIndex((output) => scope.lowering.live.has(output));
  return outputs.slice(0, last + 1).map((output) => scope.name(output));
}

const plain = (node: Node, scope: Scope): void => write(node, scope);

const withAxis = (node: Node<'Softmax' | 'LogSoftmax' | 'Gather' | 'GatherElements'>, scope: Scope): void =>
  write(node, scope, { attributes: { axis: BigInt(node.attributes.axis) } });

const reduction = (node: Node<'ReduceSum' | 'ReduceMean' | 'ReduceMax'>, scope: Scope): void =>
  write(node, scope, {
    attributes: { keepdims: flag(node.attributes.keepDims) },
    operands: [scope.ints(node.attributes.axes)],
  });

const toShape = (node: Node<'Reshape' | 'Expand'>, scope: Scope): void =>
  write(node, scope, { operands: [scope.ints(node.attributes.shape)] });

const pad: Rule<'Pad'> = (node, scope) => {
  const { axis, before, after } = node.attributes;
  const along = (size: number) => node.outputs[0].shape.map((_, index) => (index === axis ? size : 0));
  write(node, scope, { operands: [scope.ints([...along(before), ...along(after)])] });
};

const slice: Rule<'Slice'> = (node, scope) => {
  const { axis, start, end } = node.attributes;
  write(node, scope, { operands: [scope.ints([start]), scope.ints([end]), scope.ints([axis])] });
};

/** A number is one constant for all its users, also those inside other ops: the runtime merges equal ops by their operands' names. */
const constant: Rule<'Constant'> = ({ outputs: [value], attributes: { tensor } }, scope) => {
  const number = tensor.dtype === 'float32' && tensor.shape.length === 0 ? Number(tensor.data[0]) : undefined;
  if (number === undefined || Object.is(number, -0) || scope.isNamed(value))
    return scope.initializer(scope.name(value), tensor);
  scope.setName(value, scope.float(number));
};

const flag = (on: boolean): bigint => (on ? 1n : 0n);

const loweringRules: LoweringRules = {
  Constant: constant,
  Identity: plain,
  Recompute: ({ inputs: [y], outputs: [named] }, scope) =>
    scope.write({ op: 'Identity', inputs: [scope.name(y)], outputs: [scope.name(named)] }),
  Add: plain,
  Sub: plain,
  Mul: plain,
  Div: plain,
  Max: plain,
  Min: plain,
  Neg: plain,
  Abs: plain,
  Sign: plain,
  Exp: plain,
  Log: plain,
  Sqrt: plain,
  Tanh: plain,
  Erf: plain,
  Sigmoid: plain,
  Gelu: lowerGelu,
  Equal: plain,
  Less: plain,
  Greater: plain,
  LessOrEqual: plain,
  GreaterOrEqual: plain,
  And: plain,
  Or: plain,
  Not: plain,
  Where: plain,
  Cast: (node, scope) => write(node, scope, { attributes: { to: BigInt(onnxTypes[node.attributes.to]) } }),
  MatMul: lowerMatMul,
  Transpose: (node, scope) => write(node, scope, { attributes: { perm: node.attributes.perm.map(BigInt) } }),
  Reshape: toShape,
  Expand: toShape,
  Concat: lowerConcat,
  Split: lowerSplit,
  Slice: slice,
  Pad: pad,
  Gather: withAxis,
  GatherElements: withAxis,
  // ScatterND would be quicker and is a data race: two threads that add to one row lose updates.
  ScatterElements: (node, scope) =>
    write(node, scope, { attributes: { axis: BigInt(node.attributes.axis), reduction: node.attributes.reduction } }),
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  ArgMax: (node, scope) => write(node, scope, { attributes: { axis: BigInt(node.attributes.axis), keepdims: 0n } }),
  TopK: (node, scope) =>
    scope.write({
      op: 'TopK',
      inputs: [scope.name(node.inputs[0]), scope.ints([node.attributes.k])],
      outputs: node.outputs.map((output) => scope.name(output)),
    }),
  CumSum: (node, scope) =>
    write(node, scope, {
      operands: [scope.intScalar(node.attributes.axis)],
      attributes: { exclusive: flag(node.attributes.exclusive), reverse: flag(node.attributes.reverse) },
    }),
  Softmax: withAxis,
  LogSoftmax: withAxis,
  LayerNormalization: (node, scope) =>
    write(node, scope, { attributes: { axis: -1n, epsilon: node.attributes.epsilon } }),
  Loop: lowerLoop,
};

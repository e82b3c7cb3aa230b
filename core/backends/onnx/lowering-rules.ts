/** How each op is written in ONNX, opset 21. Knows names and attributes; shapes are settled already. */

import type { Node, Value } from '../../ir/graph.js';
import type { OpName } from '../../ir/op-table.js';
import { lowerConcat, lowerSplit } from './lower-parts.js';
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

const gelu: Rule<'Gelu'> = (node, scope) => {
  const { approximate } = node.attributes;
  if (approximate === 'none' || !scope.lowering.options.fused)
    return write(node, scope, { attributes: { approximate } });
  const inputs = node.inputs.map((input) => scope.name(input));
  scope.write({ op: 'FastGelu', domain: 'com.microsoft', inputs, outputs: outputNames(node.outputs, scope) });
};

const pad: Rule<'Pad'> = (node, scope) => {
  const { axis, before, after } = node.attributes;
  const along = (size: number) => node.outputs[0].shape.map((_, index) => (index === axis ? size : 0));
  write(node, scope, { operands: [scope.ints([...along(before), ...along(after)])] });
};

const slice: Rule<'Slice'> = (node, scope) => {
  const { axis, start, end } = node.attributes;
  write(node, scope, { operands: [scope.ints([start]), scope.ints([end]), scope.ints([axis])] });
};

const flag = (on: boolean): bigint => (on ? 1n : 0n);

const loweringRules: LoweringRules = {
  Constant: (node, scope) => scope.initializer(scope.name(node.outputs[0]), node.attributes.tensor),
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
  Gelu: gelu,
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

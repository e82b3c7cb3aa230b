/** How each op is computed with TensorFlow.js. int64 is int32 there. Knows no program. */

import type { Node } from '../../ir/graph.js';
import type { OpName } from '../../ir/op-table.js';
import type { DType, HostTensor } from '../../tensor.js';
import { flatIndices } from './flat-indices.js';
import type { Tfjs, TfTensor } from './library.js';

/** One result an output. The loop, whose body is a program, is not here. */
type Rule<K extends OpName> = (tf: Tfjs, inputs: readonly TfTensor[], node: Node<K>) => readonly TfTensor[];
type TfjsRules = { readonly [K in Exclude<OpName, 'Loop'>]: Rule<K> };

const tfTypes = { float32: 'float32', int32: 'int32', int64: 'int32', bool: 'bool' } as const;

/** The dtype, of those that TensorFlow.js has a type for. @throws TypeError for float16; sessions refuse such programs */
export function tfDType(dtype: DType): keyof typeof tfTypes {
  if (dtype === 'float16') throw new TypeError('tfjs: expected a dtype that TensorFlow.js has, got float16');
  return dtype;
}

export function toTf(tf: Tfjs, { dtype, shape, data }: HostTensor): TfTensor {
  const values = data instanceof BigInt64Array || data instanceof Uint16Array ? Int32Array.from(data, Number) : data;
  return tf.tensor(values, [...shape], tfTypes[tfDType(dtype)]);
}

type Names<F> = { readonly [N in keyof Tfjs]: Tfjs[N] extends F ? N : never }[keyof Tfjs];
type UnaryName = Names<(x: TfTensor) => TfTensor>;
type BinaryName = Names<(a: TfTensor, b: TfTensor) => TfTensor>;

const operand = (inputs: readonly TfTensor[], index: number): TfTensor => {
  const found = inputs[index];
  if (found === undefined) throw new RangeError(`tfjs: expected an operand ${index}, got ${inputs.length}`);
  return found;
};
const unary =
  (name: UnaryName) =>
  (tf: Tfjs, inputs: readonly TfTensor[]): TfTensor[] => [tf[name](operand(inputs, 0))];
const binary =
  (name: BinaryName) =>
  (tf: Tfjs, inputs: readonly TfTensor[]): TfTensor[] => [tf[name](operand(inputs, 0), operand(inputs, 1))];
const reduction =
  (name: 'sum' | 'mean' | 'max') =>
  (tf: Tfjs, inputs: readonly TfTensor[], { attributes }: Node<'ReduceSum' | 'ReduceMean' | 'ReduceMax'>) => [
    tf[name](operand(inputs, 0), [...attributes.axes], attributes.keepDims),
  ];

/** Operands of one rank, as TensorFlow.js multiplies batches; a scalar factor is applied where it is not 1. */
const matMul: Rule<'MatMul'> = (tf, inputs, { attributes: { transA, transB, alpha } }) => {
  const product = tf.matMul(operand(inputs, 0), operand(inputs, 1), transA, transB);
  return [alpha === 1 ? product : tf.mul(product, tf.scalar(alpha, 'float32'))];
};

const gelu: Rule<'Gelu'> = (tf, inputs, { attributes: { approximate } }) => {
  const x = operand(inputs, 0);
  const scaled = (y: TfTensor, factor: number) => tf.mul(y, tf.scalar(factor, 'float32'));
  const inner =
    approximate === 'none'
      ? tf.erf(scaled(x, Math.SQRT1_2))
      : tf.tanh(scaled(tf.add(x, scaled(tf.mul(x, tf.mul(x, x)), 0.044715)), Math.sqrt(2 / Math.PI)));
  const share = scaled(tf.add(inner, tf.scalar(1, 'float32')), 0.5);
  return [tf.mul(x, share), share];
};

/** y, mean and 1/√(variance + ε). */
const layerNorm: Rule<'LayerNormalization'> = (tf, inputs, { attributes: { epsilon } }) => {
  const x = operand(inputs, 0);
  const mean = tf.mean(x, -1, true);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.mul(centred, centred), -1, true);
  const inverse = tf.div(tf.scalar(1, 'float32'), tf.sqrt(tf.add(variance, tf.scalar(epsilon, 'float32'))));
  return [tf.add(tf.mul(tf.mul(centred, inverse), operand(inputs, 1)), operand(inputs, 2)), mean, inverse];
};

const logSoftmax: Rule<'LogSoftmax'> = (tf, inputs, { attributes: { axis } }) => {
  const x = operand(inputs, 0);
  const shifted = tf.sub(x, tf.max(x, axis, true));
  return [tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), axis, true)))];
};

/** TensorFlow.js takes the softmax of the last axis alone. */
const softmax: Rule<'Softmax'> = (tf, inputs, { attributes: { axis } }) => {
  const x = operand(inputs, 0);
  if (axis === x.shape.length - 1) return [tf.softmax(x, axis)];
  const powers = tf.exp(tf.sub(x, tf.max(x, axis, true)));
  return [tf.div(powers, tf.sum(powers, axis, true))];
};

const gatherElements: Rule<'GatherElements'> = (tf, inputs, { attributes: { axis } }) => {
  const [x, indices] = [operand(inputs, 0), operand(inputs, 1)];
  const flat = tf.gather(tf.reshape(x, [-1]), flatIndices(tf, x.shape, indices, axis), 0);
  return [tf.reshape(flat, indices.shape)];
};

const scatterElements: Rule<'ScatterElements'> = (tf, inputs, { attributes: { axis, reduction } }) => {
  const [x, indices, updates] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
  const places = tf.reshape(flatIndices(tf, x.shape, indices, axis), [-1, 1]);
  const [flat, added] = [tf.reshape(x, [-1]), tf.reshape(updates, [-1])];
  const size = flat.shape[0] ?? 0;
  const result =
    reduction === 'add'
      ? tf.add(flat, tf.scatterND(places, added, [size]))
      : tf.tensorScatterUpdate(flat, places, added);
  return [tf.reshape(result, x.shape)];
};

const slice: Rule<'Slice'> = (tf, inputs, { attributes: { axis, start, end } }) => {
  const x = operand(inputs, 0);
  const begin = x.shape.map((_, dim) => (dim === axis ? start : 0));
  return [
    tf.slice(
      x,
      begin,
      x.shape.map((size, dim) => (dim === axis ? end - start : size)),
    ),
  ];
};

const pad: Rule<'Pad'> = (tf, inputs, { attributes: { axis, before, after } }) => {
  const x = operand(inputs, 0);
  return [
    tf.pad(
      x,
      x.shape.map((_, dim): [number, number] => (dim === axis ? [before, after] : [0, 0])),
    ),
  ];
};

/** From float to integer TensorFlow.js cuts towards zero, as ONNX does. */
const castTo = (tf: Tfjs, x: TfTensor, to: DType): TfTensor => tf.cast(x, tfTypes[tfDType(to)]);

/** Ops that take several of TensorFlow.js's, whatever their attributes. */
const composedRules = {
  Gelu: gelu,
  GatherElements: gatherElements,
  ScatterElements: scatterElements,
  LogSoftmax: logSoftmax,
  LayerNormalization: layerNorm,
} satisfies Partial<TfjsRules>;

/** Their names. */
export const composedOps: readonly string[] = Object.keys(composedRules).sort();

const tfjsRules: TfjsRules = {
  ...composedRules,
  Constant: (tf, _, { attributes: { tensor } }) => [toTf(tf, tensor)],
  Identity: (_, inputs) => [operand(inputs, 0)],
  Recompute: (_, inputs) => [operand(inputs, 0)],
  Add: binary('add'),
  Sub: binary('sub'),
  Mul: binary('mul'),
  // Of integers TensorFlow.js gives the floor; the programs divide none that are negative.
  Div: binary('div'),
  Max: binary('maximum'),
  Min: binary('minimum'),
  Neg: unary('neg'),
  Abs: unary('abs'),
  Sign: unary('sign'),
  Exp: unary('exp'),
  Log: unary('log'),
  Sqrt: unary('sqrt'),
  Tanh: unary('tanh'),
  Erf: unary('erf'),
  Sigmoid: unary('sigmoid'),
  Equal: binary('equal'),
  Less: binary('less'),
  Greater: binary('greater'),
  LessOrEqual: binary('lessEqual'),
  GreaterOrEqual: binary('greaterEqual'),
  And: binary('logicalAnd'),
  Or: binary('logicalOr'),
  Not: unary('logicalNot'),
  Where: (tf, inputs) => [tf.where(operand(inputs, 0), operand(inputs, 1), operand(inputs, 2))],
  Cast: (tf, inputs, { attributes: { to } }) => [castTo(tf, operand(inputs, 0), to)],
  MatMul: matMul,
  Transpose: (tf, inputs, { attributes: { perm } }) => [tf.transpose(operand(inputs, 0), [...perm])],
  Reshape: (tf, inputs, { attributes: { shape } }) => [tf.reshape(operand(inputs, 0), [...shape])],
  Expand: (tf, inputs, { attributes: { shape } }) => [tf.broadcastTo(operand(inputs, 0), [...shape])],
  Concat: (tf, inputs, { attributes: { axis } }) => [tf.concat([...inputs], axis)],
  Split: (tf, inputs, { attributes: { axis, sizes } }) => tf.split(operand(inputs, 0), [...sizes], axis),
  Slice: slice,
  Pad: pad,
  Gather: (tf, inputs, { attributes: { axis } }) => [tf.gather(operand(inputs, 0), operand(inputs, 1), axis)],
  ReduceSum: reduction('sum'),
  ReduceMean: reduction('mean'),
  ReduceMax: reduction('max'),
  ArgMax: (tf, inputs, { attributes: { axis } }) => [tf.argMax(operand(inputs, 0), axis)],
  TopK: (tf, inputs, { attributes: { k } }) => {
    const { values, indices } = tf.topk(operand(inputs, 0), k, true);
    return [values, indices];
  },
  CumSum: (tf, inputs, { attributes: { axis, exclusive, reverse } }) => [
    tf.cumsum(operand(inputs, 0), axis, exclusive, reverse),
  ],
  Softmax: softmax,
};

/** Computes one node by its op's rule. */
export function computeNode<K extends Exclude<OpName, 'Loop'>>(
  tf: Tfjs,
  node: Node<K>,
  inputs: readonly TfTensor[],
): readonly TfTensor[] {
  return tfjsRules[node.op](tf, inputs, node);
}

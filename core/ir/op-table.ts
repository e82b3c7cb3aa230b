/** The op table: for each op its operands and attributes, under ONNX's names. Knows no rule of any pass. */

import type { DType, HostTensor, Shape } from '../tensor.js';
import type { Graph, Value } from './graph.js';

type Unary = readonly [Value];
type Binary = readonly [Value, Value];
type Ternary = readonly [Value, Value, Value];
type NoAttributes = Readonly<Record<string, never>>;

interface Op<Inputs extends readonly Value[], Attributes extends object = NoAttributes> {
  readonly inputs: Inputs;
  readonly attributes: Readonly<Attributes>;
}

/** Trailing `alpha · op(A) · op(B)`, where op swaps the last two axes or does nothing. */
export interface MatMulAttributes {
  transA: boolean;
  transB: boolean;
  alpha: number;
}

export interface ReduceAttributes {
  /** Ascending, none negative. */
  axes: readonly number[];
  keepDims: boolean;
}

/**
 * The body of a loop: its own graph, whose inputs are the iteration number and the carried values. As it holds these ops again, this
 * table and `Graph` name one another.
 */
export interface LoopBody {
  readonly graph: Graph;
  readonly iteration: Value<'int64'>;
  readonly carriedIn: readonly Value[];
  readonly carriedOut: readonly Value[];
  readonly scans: readonly Value[];
}

/** Every op of a program. A pass is a table with one rule for each of these keys. */
export interface OpTable {
  Constant: Op<readonly [], { tensor: HostTensor }>;
  Identity: Op<Unary>;
  /** Its first operand, whose gradient is taken of what `build` makes of the second anew. */
  Recompute: Op<readonly [Value, Value, ...Value[]], { build: (x: Value<'float32'>) => Value<'float32'> }>;

  Add: Op<Binary>;
  Sub: Op<Binary>;
  Mul: Op<Binary>;
  Div: Op<Binary>;
  Max: Op<Binary>;
  Min: Op<Binary>;
  Neg: Op<Unary>;
  Abs: Op<Unary>;
  Sign: Op<Unary>;
  Exp: Op<Unary>;
  Log: Op<Unary>;
  Sqrt: Op<Unary>;
  Tanh: Op<Unary>;
  Erf: Op<Unary>;
  Sigmoid: Op<Unary>;
  /** y, and the share of x that it is: y = x · share, in (0, 1). */
  Gelu: Op<Unary, { approximate: 'none' | 'tanh' }>;

  Equal: Op<Binary>;
  Less: Op<Binary>;
  Greater: Op<Binary>;
  LessOrEqual: Op<Binary>;
  GreaterOrEqual: Op<Binary>;
  And: Op<Binary>;
  Or: Op<Binary>;
  Not: Op<Unary>;
  Where: Op<Ternary>;
  Cast: Op<Unary, { to: DType }>;

  MatMul: Op<Binary, MatMulAttributes>;

  Transpose: Op<Unary, { perm: readonly number[] }>;
  Reshape: Op<Unary, { shape: Shape }>;
  Expand: Op<Unary, { shape: Shape }>;
  Concat: Op<readonly Value[], { axis: number }>;
  Split: Op<Unary, { axis: number; sizes: readonly number[] }>;
  Slice: Op<Unary, { axis: number; start: number; end: number }>;
  Pad: Op<Unary, { axis: number; before: number; after: number }>;

  Gather: Op<Binary, { axis: number }>;
  GatherElements: Op<Binary, { axis: number }>;
  ScatterElements: Op<Ternary, { axis: number; reduction: 'none' | 'add' }>;

  ReduceSum: Op<Unary, ReduceAttributes>;
  ReduceMean: Op<Unary, ReduceAttributes>;
  ReduceMax: Op<Unary, ReduceAttributes>;
  ArgMax: Op<Unary, { axis: number }>;
  TopK: Op<Unary, { k: number }>;
  CumSum: Op<Unary, { axis: number; exclusive: boolean; reverse: boolean }>;

  Softmax: Op<Unary, { axis: number }>;
  LogSoftmax: Op<Unary, { axis: number }>;
  LayerNormalization: Op<Ternary, { epsilon: number }>;

  Loop: Op<readonly Value[], { trip: number; body: LoopBody }>;
}

export type OpName = keyof OpTable;
export type InputsOf<K extends OpName> = OpTable[K]['inputs'];
export type AttributesOf<K extends OpName> = OpTable[K]['attributes'];

/** The inference rule of every op: what it accepts and what it gives. Knows no values. */

import type { InferRules } from './infer/rule.js';
import { all, bools, floats, numbers } from './infer/rule.js';
import { concat, split, slice, pad, reshape, expand, transpose } from './infer/layout.js';
import { gather, gatherElements, scatterElements, topK, argMax } from './infer/indexing.js';
import { loop } from './infer/loop.js';
import { gelu, matMul, layerNorm } from './infer/neural.js';
import { reduction, alongAxis } from './infer/reduction.js';
import { unary, binary, where } from './infer/elementwise.js';

export const inferRules: InferRules = {
  Constant: (_, { tensor }) => [{ dtype: tensor.dtype, shape: tensor.shape }],
  Identity: unary('identity', all),
  Recompute: ([y]) => [{ dtype: y.dtype, shape: y.shape }],
  Add: binary('add', numbers),
  Sub: binary('sub', numbers),
  Mul: binary('mul', numbers),
  Div: binary('div', numbers),
  Max: binary('max', numbers),
  Min: binary('min', numbers),
  Neg: unary('neg', numbers),
  Abs: unary('abs', numbers),
  Sign: unary('sign', numbers),
  Exp: unary('exp', floats),
  Log: unary('log', floats),
  Sqrt: unary('sqrt', floats),
  Tanh: unary('tanh', floats),
  Erf: unary('erf', floats),
  Sigmoid: unary('sigmoid', floats),
  Gelu: gelu,
  Equal: binary('equal', all, 'bool'),
  Less: binary('less', numbers, 'bool'),
  Greater: binary('greater', numbers, 'bool'),
  LessOrEqual: binary('lessOrEqual', numbers, 'bool'),
  GreaterOrEqual: binary('greaterOrEqual', numbers, 'bool'),
  And: binary('and', bools),
  Or: binary('or', bools),
  Not: unary('not', bools),
  Where: where,
  Cast: ([x], { to }) => [{ dtype: to, shape: x.shape }],
  MatMul: matMul,
  Transpose: transpose,
  Reshape: reshape,
  Expand: expand,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Gather: gather,
  GatherElements: gatherElements,
  ScatterElements: scatterElements,
  ReduceSum: reduction('reduceSum', numbers),
  ReduceMean: reduction('reduceMean', floats),
  ReduceMax: reduction('reduceMax', numbers),
  ArgMax: argMax,
  TopK: topK,
  CumSum: alongAxis('cumSum', numbers),
  Softmax: alongAxis('softmax', floats),
  LogSoftmax: alongAxis('logSoftmax', floats),
  LayerNormalization: layerNorm,
  Loop: loop,
};

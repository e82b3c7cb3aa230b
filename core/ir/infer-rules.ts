/** Shape and dtype inference: what each op accepts and what it gives. Knows no values. */

import type { DType, Shape } from '../tensor.js';
import { sizeOf } from '../tensor.js';
import { DTypeError, ShapeError } from './errors.js';
import type { NonEmpty, Spec } from './graph.js';
import type { AttributesOf, InputsOf, OpName } from './op-table.js';
import { broadcastShapes, broadcastsTo, reducedShape, sameShape, showShape, sizeAt, withSize } from './shapes.js';

type Rule<K extends OpName> = (inputs: InputsOf<K>, attributes: AttributesOf<K>) => NonEmpty<Spec>;
export type InferRules = { readonly [K in OpName]: Rule<K> };

const floats: readonly DType[] = ['float32'];
const numbers: readonly DType[] = ['float32', 'int32', 'int64'];
const integers: readonly DType[] = ['int32', 'int64'];
const bools: readonly DType[] = ['bool'];
const all: readonly DType[] = ['float32', 'int32', 'int64', 'bool'];

function needDType(where: string, spec: Spec, allowed: readonly DType[]): void {
  if (!allowed.includes(spec.dtype)) throw new DTypeError(where, allowed.join(' or '), `${spec.dtype} ${showShape(spec.shape)}`);
}

function needSame(where: string, a: Spec, b: Spec): void {
  if (a.dtype !== b.dtype) throw new DTypeError(where, 'operands of one dtype (cast one of them)', `${a.dtype} and ${b.dtype}`);
}

function needAxis(where: string, axis: number, shape: Shape): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) {
    throw new ShapeError(where, `an axis of ${showShape(shape)}`, String(axis));
  }
}

const unary =
  (where: string, allowed: readonly DType[]) =>
  ([x]: readonly [Spec]): NonEmpty<Spec> => {
    needDType(where, x, allowed);
    return [{ dtype: x.dtype, shape: x.shape }];
  };

const binary =
  (where: string, allowed: readonly DType[], result?: DType) =>
  ([a, b]: readonly [Spec, Spec]): NonEmpty<Spec> => {
    needDType(where, a, allowed);
    needSame(where, a, b);
    return [{ dtype: result ?? a.dtype, shape: broadcastShapes(where, a.shape, b.shape) }];
  };

const reduction =
  (where: string, allowed: readonly DType[]) =>
  ([x]: readonly [Spec], { axes, keepDims }: AttributesOf<'ReduceSum'>): NonEmpty<Spec> => {
    needDType(where, x, allowed);
    for (const axis of axes) needAxis(where, axis, x.shape);
    return [{ dtype: x.dtype, shape: reducedShape(x.shape, axes, keepDims) }];
  };

const alongAxis =
  (where: string, allowed: readonly DType[]) =>
  ([x]: readonly [Spec], { axis }: { readonly axis: number }): NonEmpty<Spec> => {
    needDType(where, x, allowed);
    needAxis(where, axis, x.shape);
    return [{ dtype: x.dtype, shape: x.shape }];
  };

const matMul: Rule<'MatMul'> = ([a, b], { transA, transB }) => {
  needDType('matMul', a, floats);
  needSame('matMul', a, b);
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new ShapeError('matMul', 'operands of rank 2 or more', `${showShape(a.shape)} × ${showShape(b.shape)}`);
  }
  const [rows, innerA] = lastTwo(a.shape, transA);
  const [innerB, columns] = lastTwo(b.shape, transB);
  if (innerA !== innerB) {
    const transposed = [transA ? 'transA' : '', transB ? 'transB' : ''].filter(Boolean).join(', ');
    const note = transposed ? ` with ${transposed}` : '';
    throw new ShapeError('matMul', 'inner sizes to match', `${showShape(a.shape)} × ${showShape(b.shape)}${note}`);
  }
  const batch = broadcastShapes('matMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return [{ dtype: a.dtype, shape: [...batch, rows, columns] }];
};

function lastTwo(shape: Shape, swap: boolean): readonly [number, number] {
  const rows = sizeAt(shape, shape.length - 2);
  const columns = sizeAt(shape, shape.length - 1);
  return swap ? [columns, rows] : [rows, columns];
}

const concat: Rule<'Concat'> = (inputs, { axis }) => {
  const [first, ...rest] = inputs;
  if (!first) throw new ShapeError('concat', 'at least one operand', 'none');
  needAxis('concat', axis, first.shape);
  for (const other of rest) {
    needSame('concat', first, other);
    if (!sameShape(withSize(first.shape, axis, 0), withSize(other.shape, axis, 0))) {
      const got = inputs.map((input) => showShape(input.shape)).join(', ');
      throw new ShapeError('concat', `shapes that differ along axis ${axis} only`, got);
    }
  }
  const size = inputs.reduce((sum, input) => sum + sizeAt(input.shape, axis), 0);
  return [{ dtype: first.dtype, shape: withSize(first.shape, axis, size) }];
};

const split: Rule<'Split'> = ([x], { axis, sizes }) => {
  needAxis('split', axis, x.shape);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const [first, ...rest] = sizes.map((size): Spec => ({ dtype: x.dtype, shape: withSize(x.shape, axis, size) }));
  if (!first || total !== sizeAt(x.shape, axis)) {
    throw new ShapeError('split', `sizes that add up to ${sizeAt(x.shape, axis)}`, `[${sizes.join(', ')}]`);
  }
  return [first, ...rest];
};

const slice: Rule<'Slice'> = ([x], { axis, start, end }) => {
  needAxis('slice', axis, x.shape);
  const size = sizeAt(x.shape, axis);
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= size)) {
    throw new ShapeError('slice', `0 ≤ start ≤ end ≤ ${size} along axis ${axis} of ${showShape(x.shape)}`, `${start}, ${end}`);
  }
  return [{ dtype: x.dtype, shape: withSize(x.shape, axis, end - start) }];
};

const reshape: Rule<'Reshape'> = ([x], { shape }) => {
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw new ShapeError('reshape', `a shape of ${sizeOf(x.shape)} elements, as ${showShape(x.shape)} has`, showShape(shape));
  }
  return [{ dtype: x.dtype, shape }];
};

const expand: Rule<'Expand'> = ([x], { shape }) => {
  if (!broadcastsTo(x.shape, shape)) {
    throw new ShapeError('expand', `a shape that ${showShape(x.shape)} broadcasts to`, showShape(shape));
  }
  return [{ dtype: x.dtype, shape }];
};

const transpose: Rule<'Transpose'> = ([x], { perm }) => {
  const sorted = [...perm].sort((a, b) => a - b);
  if (perm.length !== x.shape.length || sorted.some((axis, index) => axis !== index)) {
    throw new ShapeError('transpose', `an order of the axes of ${showShape(x.shape)}`, `[${perm.join(', ')}]`);
  }
  return [{ dtype: x.dtype, shape: perm.map((axis) => sizeAt(x.shape, axis)) }];
};

const gather: Rule<'Gather'> = ([x, indices], { axis }) => {
  needDType('gather indices', indices, integers);
  needAxis('gather', axis, x.shape);
  return [{ dtype: x.dtype, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }];
};

function needWithin(where: string, x: Spec, indices: Spec, axis: number): void {
  needDType(`${where} indices`, indices, integers);
  needAxis(where, axis, x.shape);
  const fits = indices.shape.every((size, index) => index === axis || size <= sizeAt(x.shape, index));
  if (indices.shape.length !== x.shape.length || !fits) {
    const expected = `indices of the rank of ${showShape(x.shape)}, no larger but along axis ${axis}`;
    throw new ShapeError(where, expected, showShape(indices.shape));
  }
}

const gatherElements: Rule<'GatherElements'> = ([x, indices], { axis }) => {
  needWithin('gatherElements', x, indices, axis);
  return [{ dtype: x.dtype, shape: indices.shape }];
};

const scatterElements: Rule<'ScatterElements'> = ([x, indices, updates], { axis, reduction: how }) => {
  needDType('scatterElements', x, how === 'add' ? numbers : all);
  needSame('scatterElements', x, updates);
  needWithin('scatterElements', x, indices, axis);
  if (!sameShape(indices.shape, updates.shape)) {
    throw new ShapeError('scatterElements', `updates of the indices' shape ${showShape(indices.shape)}`, showShape(updates.shape));
  }
  return [{ dtype: x.dtype, shape: x.shape }];
};

const layerNorm: Rule<'LayerNormalization'> = ([x, scale, bias]) => {
  needDType('layerNorm', x, floats);
  const width = sizeAt(x.shape, x.shape.length - 1);
  for (const parameter of [scale, bias]) {
    needSame('layerNorm', x, parameter);
    if (!sameShape(parameter.shape, [width])) {
      throw new ShapeError('layerNorm', `scale and bias of shape [${width}]`, showShape(parameter.shape));
    }
  }
  const statistics = { dtype: x.dtype, shape: withSize(x.shape, x.shape.length - 1, 1) };
  return [{ dtype: x.dtype, shape: x.shape }, statistics, statistics];
};

const topK: Rule<'TopK'> = ([x], { k }) => {
  needDType('topK', x, floats);
  const axis = x.shape.length - 1;
  needAxis('topK', axis, x.shape);
  if (!(Number.isInteger(k) && k >= 1 && k <= sizeAt(x.shape, axis))) {
    throw new ShapeError('topK', `1 ≤ k ≤ ${sizeAt(x.shape, axis)}`, String(k));
  }
  const shape = withSize(x.shape, axis, k);
  return [{ dtype: x.dtype, shape }, { dtype: 'int64', shape }];
};

const where: Rule<'Where'> = ([condition, a, b]) => {
  needDType('where condition', condition, bools);
  needDType('where', a, numbers);
  needSame('where', a, b);
  const branches = broadcastShapes('where', a.shape, b.shape);
  return [{ dtype: a.dtype, shape: broadcastShapes('where', condition.shape, branches) }];
};

const loop: Rule<'Loop'> = (inputs, { trip, body }) => {
  if (!(Number.isInteger(trip) && trip >= 1)) throw new ShapeError('loop', 'a trip count of 1 or more', String(trip));
  inputs.forEach((input, index) => {
    const next = body.carriedOut[index];
    if (!next || next.dtype !== input.dtype) {
      throw new DTypeError('loop', `carried value ${index} to stay ${input.dtype}`, next?.dtype ?? 'nothing');
    }
    if (!sameShape(next.shape, input.shape)) {
      throw new ShapeError('loop', `carried value ${index} to stay ${showShape(input.shape)}`, showShape(next.shape));
    }
  });
  const carried = inputs.map(({ dtype, shape }): Spec => ({ dtype, shape }));
  const scans = body.scans.map(({ dtype, shape }): Spec => ({ dtype, shape: [trip, ...shape] }));
  const [first, ...rest] = [...carried, ...scans];
  if (!first) throw new ShapeError('loop', 'something carried or scanned', 'nothing');
  return [first, ...rest];
};

export const inferRules: InferRules = {
  Constant: (_, { tensor }) => [{ dtype: tensor.dtype, shape: tensor.shape }],
  Identity: unary('identity', all),
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
  Gelu: unary('gelu', floats),
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
  Pad: ([x], { axis, before, after }) => {
    needDType('pad', x, numbers);
    needAxis('pad', axis, x.shape);
    return [{ dtype: x.dtype, shape: withSize(x.shape, axis, sizeAt(x.shape, axis) + before + after) }];
  },
  Gather: gather,
  GatherElements: gatherElements,
  ScatterElements: scatterElements,
  ReduceSum: reduction('reduceSum', numbers),
  ReduceMean: reduction('reduceMean', floats),
  ReduceMax: reduction('reduceMax', numbers),
  ArgMax: ([x], { axis }) => {
    needDType('argMax', x, floats);
    needAxis('argMax', axis, x.shape);
    return [{ dtype: 'int64', shape: reducedShape(x.shape, [axis], false) }];
  },
  TopK: topK,
  CumSum: alongAxis('cumSum', numbers),
  Softmax: alongAxis('softmax', floats),
  LogSoftmax: alongAxis('logSoftmax', floats),
  LayerNormalization: layerNorm,
  Loop: loop,
};

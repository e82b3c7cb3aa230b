/** The meaning of every op, written from ONNX's definitions as plainly as possible and in double precision. */

import { float16Bits, float16Value } from '../../../../core/half-precision.js';
import type { AttributesOf, OpName } from '../../../../core/ir/op-table.js';
import { broadcastShapes, reducedShape, sizeAt } from '../../../../core/ir/shapes.js';
import type { Shape } from '../../../../core/tensor.js';
import type { RefArray } from './array.js';
import { at, atBroadcast, build, flatten, fromHost, moved } from './array.js';

/** Evaluates the body of a loop on the iteration and the carried values; gives carried values and scans. */
export type RunBody = (iteration: number, carried: readonly RefArray[]) => readonly RefArray[];
type Rule<K extends OpName> = (
  inputs: readonly RefArray[],
  attributes: AttributesOf<K>,
  runBody: RunBody,
) => readonly RefArray[];
export type ReferenceRules = { readonly [K in OpName]: Rule<K> };

function operand(inputs: readonly RefArray[], index: number): RefArray {
  const input = inputs[index];
  if (!input) throw new RangeError(`operand ${index} is missing`);
  return input;
}

const unary = (of: (x: number) => number) => (inputs: readonly RefArray[]) => {
  const { shape, data } = operand(inputs, 0);
  return [{ shape, data: data.map(of) }];
};

const binary = (of: (a: number, b: number) => number) => (inputs: readonly RefArray[]) => {
  const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
  return [
    build(broadcastShapes('reference', a.shape, b.shape), (index) => of(atBroadcast(a, index), atBroadcast(b, index))),
  ];
};

const test = (of: (a: number, b: number) => boolean) => binary((a, b) => (of(a, b) ? 1 : 0));

/** Elements of x whose index agrees with `index` outside the axes. */
function group(x: RefArray, axes: readonly number[], index: readonly number[]): readonly number[] {
  const axis = axes[0];
  if (axis === undefined) return [at(x, index)];
  return Array.from({ length: sizeAt(x.shape, axis) }, (_, i) => group(x, axes.slice(1), moved(index, axis, i))).flat();
}

const reduction =
  (of: (elements: readonly number[]) => number) =>
  (inputs: readonly RefArray[], { axes, keepDims }: AttributesOf<'ReduceSum'>) => {
    const x = operand(inputs, 0);
    const kept = build(reducedShape(x.shape, axes, true), (index) => of(group(x, axes, index)));
    return [{ shape: reducedShape(x.shape, axes, keepDims), data: kept.data }];
  };

const sum = (elements: readonly number[]) => elements.reduce((total, element) => total + element, 0);

/** erf by its Maclaurin series, good to double precision for the moderate arguments of the tests. */
function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total) && n < 200; n++) {
    term *= -(x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/** What of x its GELU is. */
function geluShare(x: number, approximate: 'none' | 'tanh'): number {
  if (approximate === 'none') return 0.5 * (1 + erf(x / Math.SQRT2));
  return 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function matMul(inputs: readonly RefArray[], { transA, transB, alpha }: AttributesOf<'MatMul'>): readonly RefArray[] {
  const a = transA ? swapLast(operand(inputs, 0)) : operand(inputs, 0);
  const b = transB ? swapLast(operand(inputs, 1)) : operand(inputs, 1);
  const inner = sizeAt(a.shape, a.shape.length - 1);
  const batch = broadcastShapes('reference', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, sizeAt(a.shape, a.shape.length - 2), sizeAt(b.shape, b.shape.length - 1)];
  return [
    build(shape, (index) => {
      const [rest, row, column] = [index.slice(0, -2), index.at(-2) ?? 0, index.at(-1) ?? 0];
      const products = Array.from(
        { length: inner },
        (_, k) => atBroadcast(a, [...rest, row, k]) * atBroadcast(b, [...rest, k, column]),
      );
      return alpha * sum(products);
    }),
  ];
}

function swapLast(x: RefArray): RefArray {
  const swap = (list: readonly number[]) => [...list.slice(0, -2), list.at(-1) ?? 0, list.at(-2) ?? 0];
  return build(swap(x.shape), (index) => at(x, swap(index)));
}

function concat(inputs: readonly RefArray[], axis: number): RefArray {
  const [first, ...rest] = inputs;
  if (!first) throw new RangeError('nothing to join');
  return rest.reduce((left, right) => {
    const size = sizeAt(left.shape, axis);
    return build(left.shape.with(axis, size + sizeAt(right.shape, axis)), (index) => {
      const i = index[axis] ?? 0;
      return i < size ? at(left, index) : at(right, moved(index, axis, i - size));
    });
  }, first);
}

function cut(x: RefArray, axis: number, start: number, size: number): RefArray {
  return build(x.shape.with(axis, size), (index) => at(x, moved(index, axis, (index[axis] ?? 0) + start)));
}

function scatter(
  inputs: readonly RefArray[],
  { axis, reduction: how }: AttributesOf<'ScatterElements'>,
): readonly RefArray[] {
  const [x, indices, updates] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
  const data = [...x.data];
  build(indices.shape, (index) => {
    const place = flatten(x.shape, moved(index, axis, at(indices, index)));
    data[place] = at(updates, index) + (how === 'add' ? (data[place] ?? 0) : 0);
    return 0;
  });
  return [{ shape: x.shape, data }];
}

function topK(inputs: readonly RefArray[], k: number): readonly RefArray[] {
  const x = operand(inputs, 0);
  const axis = x.shape.length - 1;
  const ranked = (index: readonly number[]) => {
    const row = group(x, [axis], index).map((value, position) => ({ value, position }));
    const best = row.sort((a, b) => b.value - a.value || a.position - b.position)[index[axis] ?? 0];
    if (!best) throw new RangeError('k exceeds the axis');
    return best;
  };
  const shape = x.shape.with(axis, k);
  return [build(shape, (index) => ranked(index).value), build(shape, (index) => ranked(index).position)];
}

function layerNorm(inputs: readonly RefArray[], epsilon: number): readonly RefArray[] {
  const [x, scale, bias] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
  const axis = x.shape.length - 1;
  const mean = build(x.shape.with(axis, 1), (index) => average(group(x, [axis], index)));
  const inverse = build(x.shape.with(axis, 1), (index) => {
    const row = group(x, [axis], index);
    return 1 / Math.sqrt(average(row.map((element) => (element - average(row)) ** 2)) + epsilon);
  });
  const y = build(x.shape, (index) => {
    const normal = (at(x, index) - atBroadcast(mean, index)) * atBroadcast(inverse, index);
    return normal * atBroadcast(scale, index) + atBroadcast(bias, index);
  });
  return [y, mean, inverse];
}

const average = (elements: readonly number[]) => sum(elements) / elements.length;

function cumSum(x: RefArray, { axis, exclusive, reverse }: AttributesOf<'CumSum'>): RefArray {
  return build(x.shape, (index) => {
    const i = index[axis] ?? 0;
    const line = group(x, [axis], index);
    if (reverse) return sum(line.slice(exclusive ? i + 1 : i));
    return sum(line.slice(0, exclusive ? i : i + 1));
  });
}

function softmax(x: RefArray, axis: number): RefArray {
  return build(x.shape, (index) => Math.exp(at(x, index)) / sum(group(x, [axis], index).map(Math.exp)));
}

function loop(
  inputs: readonly RefArray[],
  { trip, body }: AttributesOf<'Loop'>,
  runBody: RunBody,
): readonly RefArray[] {
  let carried = inputs;
  const rounds: (readonly RefArray[])[] = [];
  for (let iteration = 0; iteration < trip; iteration++) {
    const results = runBody(iteration, carried);
    carried = results.slice(0, inputs.length);
    rounds.push(results.slice(inputs.length));
  }
  const scans = body.scans.map(({ shape }, scan): RefArray => ({
    shape: [trip, ...shape],
    data: rounds.flatMap((round) => operand(round, scan).data),
  }));
  return [...carried, ...scans];
}

function splitParts(x: RefArray, { axis, sizes }: AttributesOf<'Split'>): readonly RefArray[] {
  return sizes.map((size, part) => cut(x, axis, sum(sizes.slice(0, part)), size));
}

function castTo(to: AttributesOf<'Cast'>['to']): (x: number) => number {
  if (to === 'bool') return (x) => (x === 0 ? 0 : 1);
  if (to === 'float16') return (x) => float16Value(float16Bits(x));
  return to === 'float32' ? (x) => x : Math.trunc;
}

const gather: Rule<'Gather'> = (inputs, { axis }) => {
  const [x, indices] = [operand(inputs, 0), operand(inputs, 1)];
  const shape: Shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const rank = indices.shape.length;
  return [
    build(shape, (index) => {
      const row = at(indices, index.slice(axis, axis + rank));
      return at(x, [...index.slice(0, axis), row, ...index.slice(axis + rank)]);
    }),
  ];
};

export const referenceRules: ReferenceRules = {
  Constant: (_, { tensor }) => [fromHost(tensor)],
  Identity: (inputs) => inputs,
  Recompute: (inputs) => [operand(inputs, 0)],
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Max: binary(Math.max),
  Min: binary(Math.min),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Sign: unary(Math.sign),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sqrt: unary(Math.sqrt),
  Tanh: unary(Math.tanh),
  Erf: unary(erf),
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Gelu: (inputs, { approximate }) => [
    ...unary((x) => x * geluShare(x, approximate))(inputs),
    ...unary((x) => geluShare(x, approximate))(inputs),
  ],
  Equal: test((a, b) => a === b),
  Less: test((a, b) => a < b),
  Greater: test((a, b) => a > b),
  LessOrEqual: test((a, b) => a <= b),
  GreaterOrEqual: test((a, b) => a >= b),
  And: test((a, b) => a === 1 && b === 1),
  Or: test((a, b) => a === 1 || b === 1),
  Not: unary((x) => 1 - x),
  Where: (inputs) => {
    const [condition, a, b] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const shape = broadcastShapes('reference', condition.shape, broadcastShapes('reference', a.shape, b.shape));
    return [build(shape, (index) => atBroadcast(atBroadcast(condition, index) === 1 ? a : b, index))];
  },
  Cast: (inputs, { to }) => unary(castTo(to))(inputs),
  MatMul: matMul,
  Transpose: (inputs, { perm }) => {
    const x = operand(inputs, 0);
    const shape = perm.map((axis) => sizeAt(x.shape, axis));
    return [
      build(shape, (index) =>
        at(
          x,
          x.shape.map((_, axis) => index[perm.indexOf(axis)] ?? 0),
        ),
      ),
    ];
  },
  Reshape: (inputs, { shape }) => [{ shape, data: operand(inputs, 0).data }],
  Expand: (inputs, { shape }) => [build(shape, (index) => atBroadcast(operand(inputs, 0), index))],
  Concat: (inputs, { axis }) => [concat(inputs, axis)],
  Split: (inputs, attributes) => splitParts(operand(inputs, 0), attributes),
  Slice: (inputs, { axis, start, end }) => [cut(operand(inputs, 0), axis, start, end - start)],
  Pad: (inputs, { axis, before, after }) => {
    const x = operand(inputs, 0);
    const size = sizeAt(x.shape, axis);
    return [
      build(x.shape.with(axis, before + size + after), (index) => {
        const i = (index[axis] ?? 0) - before;
        return i >= 0 && i < size ? at(x, moved(index, axis, i)) : 0;
      }),
    ];
  },
  Gather: gather,
  GatherElements: (inputs, { axis }) => {
    const [x, indices] = [operand(inputs, 0), operand(inputs, 1)];
    return [build(indices.shape, (index) => at(x, moved(index, axis, at(indices, index))))];
  },
  ScatterElements: scatter,
  ReduceSum: reduction(sum),
  ReduceMean: reduction(average),
  ReduceMax: reduction((elements) => Math.max(...elements)),
  ArgMax: (inputs, { axis }) => {
    const x = operand(inputs, 0);
    const kept = build(x.shape.with(axis, 1), (index) => {
      const line = group(x, [axis], index);
      return line.indexOf(Math.max(...line));
    });
    return [{ shape: reducedShape(x.shape, [axis], false), data: kept.data }];
  },
  TopK: (inputs, { k }) => topK(inputs, k),
  CumSum: (inputs, attributes) => [cumSum(operand(inputs, 0), attributes)],
  Softmax: (inputs, { axis }) => [softmax(operand(inputs, 0), axis)],
  LogSoftmax: (inputs, { axis }) => {
    const { shape, data } = softmax(operand(inputs, 0), axis);
    return [{ shape, data: data.map(Math.log) }];
  },
  LayerNormalization: (inputs, { epsilon }) => layerNorm(inputs, epsilon),
  Loop: loop,
};

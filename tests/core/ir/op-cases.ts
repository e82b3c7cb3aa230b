/** At least one small program for every op, with inputs away from the points where a derivative jumps. */

import { constant } from '../../../core/ir/index.js';
import type { Graph, OpName, Value } from '../../../core/ir/index.js';
import * as ir from '../../../core/ir/index.js';
import { normals } from '../../../core/random/counter.js';
import type { HostTensor, Shape } from '../../../core/tensor.js';
import { hostTensor, sizeOf } from '../../../core/tensor.js';

interface Operands {
  readonly graph: Graph;
  readonly float: (index: number) => Value<'float32'>;
  readonly int: (index: number) => Value<'int64'>;
  readonly bool: (index: number) => Value<'bool'>;
}

export interface OpCase {
  readonly name: string;
  readonly floats: readonly HostTensor<'float32'>[];
  readonly ints: readonly HostTensor<'int64'>[];
  readonly bools: readonly HostTensor<'bool'>[];
  readonly build: (operands: Operands) => readonly Value[];
}

export type OpCases = { readonly [K in OpName]: readonly OpCase[] };

/** Normal variates; with a floor, positive ones at least that large. */
export function random(shape: Shape, stream: number, floor?: number): HostTensor<'float32'> {
  const values = normals({ seed: 7, stream, step: 0 }, sizeOf(shape));
  return hostTensor('float32', shape, floor === undefined ? values : values.map((value) => Math.abs(value) + floor));
}

function integers(shape: Shape, values: readonly number[]): HostTensor<'int64'> {
  return hostTensor('int64', shape, BigInt64Array.from(values, BigInt));
}

export function bools(shape: Shape, values: readonly number[]): HostTensor<'bool'> {
  return hostTensor('bool', shape, Uint8Array.from(values));
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`operand ${index} is missing`);
  return item;
}

export function declare(graph: Graph, { floats, ints, bools: flags }: OpCase): Operands {
  const f = floats.map(({ dtype, shape }, index) => graph.input(`float${index}`, dtype, shape));
  const i = ints.map(({ dtype, shape }, index) => graph.input(`int${index}`, dtype, shape));
  const b = flags.map(({ dtype, shape }, index) => graph.input(`bool${index}`, dtype, shape));
  return {
    graph,
    float: (index) => pick(f, index),
    int: (index) => pick(i, index),
    bool: (index) => pick(b, index),
  };
}

interface Extra {
  ints?: readonly HostTensor<'int64'>[];
  bools?: readonly HostTensor<'bool'>[];
}

function given(
  name: string,
  floats: readonly (Shape | HostTensor<'float32'>)[],
  build: (operands: Operands) => Value | readonly Value[],
  { ints = [], bools: flags = [] }: Extra = {},
): OpCase {
  return {
    name,
    floats: floats.map((input, index) => ('data' in input ? input : random(input, index))),
    ints,
    bools: flags,
    build: (operands) => {
      const built = build(operands);
      return 'dtype' in built ? [built] : built;
    },
  };
}

type FloatUnary = (x: Value<'float32'>) => Value;
type FloatBinary = (a: Value<'float32'>, b: Value<'float32'>) => Value;

const unary = (of: FloatUnary): readonly OpCase[] => [given('[2, 3]', [[2, 3]], ({ float }) => of(float(0)))];

const positive = (of: FloatUnary): readonly OpCase[] => [
  given('[2, 3] above 0.5', [random([2, 3], 0, 0.5)], ({ float }) => of(float(0))),
];

const binary = (of: FloatBinary): readonly OpCase[] => [
  given(
    'one shape',
    [
      [2, 3],
      [2, 3],
    ],
    ({ float }) => of(float(0), float(1)),
  ),
  given('a trailing vector', [[2, 3], [3]], ({ float }) => of(float(0), float(1))),
  given(
    'both ways',
    [
      [4, 1, 3],
      [2, 1],
    ],
    ({ float }) => of(float(0), float(1)),
  ),
  given('a scalar', [[], [2, 2]], ({ float }) => of(float(0), float(1))),
];

const threes = integers([2, 3], [1, 2, 3, 4, 5, 6]);
const others = integers([2, 3], [3, 2, 1, 4, 6, 5]);

const comparison = (of: FloatBinary, ofInts: (a: Value<'int64'>, b: Value<'int64'>) => Value): readonly OpCase[] => [
  given('floats', [[2, 3], [3]], ({ float }) => of(float(0), float(1))),
  given('integers', [], ({ int }) => ofInts(int(0), int(1)), { ints: [threes, others] }),
];

const logic = (of: (a: Value<'bool'>, b: Value<'bool'>) => Value): readonly OpCase[] => [
  given('all four', [], ({ bool }) => of(bool(0), bool(1)), {
    bools: [bools([4], [0, 0, 1, 1]), bools([4], [0, 1, 0, 1])],
  }),
];

type Reduce = (x: Value<'float32'>, axes?: readonly number[], options?: { keepDims?: boolean }) => Value;
const reduction = (of: Reduce): readonly OpCase[] => [
  given('all axes', [[2, 3, 4]], ({ float }) => of(float(0))),
  given('the first', [[2, 3, 4]], ({ float }) => of(float(0), [0])),
  given('two, kept', [[2, 3, 4]], ({ float }) => of(float(0), [0, -1], { keepDims: true })),
];

const alongAxis = (of: (x: Value<'float32'>, axis: number) => Value): readonly OpCase[] => [
  given('the last', [[2, 3, 4]], ({ float }) => of(float(0), -1)),
  given('the middle', [[2, 3, 4]], ({ float }) => of(float(0), 1)),
];

const matMulCases = [false, true].flatMap((transA) =>
  [false, true].flatMap((transB) => {
    const [a, b] = [transA ? [4, 2] : [2, 4], transB ? [3, 4] : [4, 3]];
    const name = `${transA ? 'Aᵀ' : 'A'} × ${transB ? 'Bᵀ' : 'B'}`;
    const options = { transA, transB, alpha: 0.5 };
    return [
      given(name, [a, b], ({ float }) => ir.matMul(float(0), float(1), options)),
      given(
        `${name}, batches`,
        [
          [2, 1, ...a],
          [3, ...b],
        ],
        ({ float }) => ir.matMul(float(0), float(1), options),
      ),
      given(`${name}, a matrix on the right`, [[3, ...a], b], ({ float }) => ir.matMul(float(0), float(1), options)),
    ];
  }),
);

const repeated = integers([2, 3], [0, 2, 2, 1, 0, 2]);

export const opCases: OpCases = {
  Constant: [
    given('added to an input', [[2]], ({ graph, float }) =>
      ir.add(float(0), constant(graph, hostTensor('float32', [2], Float32Array.of(3, -0)))),
    ),
    given('of each dtype', [], ({ graph }) => [
      ir.scalar(graph, 2),
      ir.scalar(graph, -3, 'int32'),
      ir.scalar(graph, 4, 'int64'),
      ir.scalar(graph, 1, 'bool'),
    ]),
  ],
  Identity: [
    ...unary(ir.identity),
    given('an input and a value twice', [[2]], ({ float }) => {
      const y = ir.exp(float(0));
      return [float(0), y, y];
    }),
  ],
  Recompute: [
    given(
      'of two values, one of them from outside',
      [
        [2, 3],
        [3, 2],
      ],
      ({ float }) => {
        const w = ir.exp(float(1));
        return ir.recompute(ir.tanh(float(0)), (x) => ir.tanh(ir.matMul(ir.exp(x), w)));
      },
    ),
    given('within another, and read twice', [[2, 3], [3]], ({ float }) => {
      const inner = (x: Value<'float32'>) => ir.recompute(ir.mul(x, float(1)), (y) => ir.exp(ir.add(y, float(1))));
      const y = ir.recompute(float(0), (x) => ir.tanh(inner(x)));
      return [ir.mul(y, y), ir.add(y, float(0))];
    }),
  ],
  Add: [...binary(ir.add), given('integers', [], ({ int }) => ir.add(int(0), 2), { ints: [threes] })],
  Sub: [...binary(ir.sub), given('from a number', [[3]], ({ float }) => ir.sub(1, float(0)))],
  Mul: [
    ...binary(ir.mul),
    given('an expanded sum', [[2, 3]], ({ float }) => ir.mul(float(0), ir.expand(ir.reduceSum(float(0)), [2, 3]))),
  ],
  Div: [
    given('above 0.5', [[2, 3], random([3], 1, 0.5)], ({ float }) => ir.div(float(0), float(1))),
    given('a number by', [random([3], 1, 0.5)], ({ float }) => ir.div(1, float(0))),
  ],
  Max: [...binary(ir.max), given('integers', [], ({ int }) => ir.max(int(0), int(1)), { ints: [threes, others] })],
  Min: binary(ir.min),
  Neg: unary(ir.neg),
  Abs: unary(ir.abs),
  Sign: unary(ir.sign),
  Exp: unary(ir.exp),
  Log: positive(ir.log),
  Sqrt: positive(ir.sqrt),
  Tanh: unary(ir.tanh),
  Erf: unary(ir.erf),
  Sigmoid: unary(ir.sigmoid),
  Gelu: [...unary(ir.gelu), ...unary(ir.geluTanh)],
  Equal: [
    ...comparison(ir.equal, ir.equal),
    given('booleans', [], ({ bool }) => ir.equal(bool(0), bool(1)), {
      bools: [bools([2], [0, 1]), bools([2], [1, 1])],
    }),
  ],
  Less: comparison(ir.less, ir.less),
  Greater: comparison(ir.greater, ir.greater),
  LessOrEqual: comparison(ir.lessOrEqual, ir.lessOrEqual),
  GreaterOrEqual: comparison(ir.greaterOrEqual, ir.greaterOrEqual),
  And: logic(ir.and),
  Or: logic(ir.or),
  Not: logic((a) => ir.not(a)),
  Where: [
    given(
      'broadcast',
      [
        [2, 3],
        [1, 3],
      ],
      ({ bool, float }) => ir.where(bool(0), float(0), float(1)),
      { bools: [bools([2, 1], [0, 1])] },
    ),
    given('a number', [[2, 2]], ({ bool, float }) => ir.where(bool(0), float(0), -5), {
      bools: [bools([2, 2], [0, 1, 1, 0])],
    }),
  ],
  Cast: [
    given(
      'between all',
      [[2, 3]],
      ({ float, int, bool }) => [
        ir.cast(float(0), 'int64'),
        ir.cast(float(0), 'int32'),
        ir.cast(int(0), 'float32'),
        ir.cast(int(0), 'bool'),
        ir.cast(bool(0), 'float32'),
        ir.cast(bool(0), 'int64'),
      ],
      { ints: [integers([2], [0, 5])], bools: [bools([2], [0, 1])] },
    ),
  ],
  MatMul: matMulCases,
  Transpose: [
    given('three axes', [[2, 3, 4]], ({ float }) => ir.transpose(float(0), [2, 0, 1])),
    given('heads', [[2, 3, 2, 2]], ({ float }) => ir.transpose(float(0), [0, 2, 1, 3])),
  ],
  Reshape: [
    given('with a size left open', [[2, 3, 4]], ({ float }) => ir.reshape(ir.reshape(float(0), [6, 4]), [4, -1])),
  ],
  Expand: [given('inside and in front', [[3, 1]], ({ float }) => ir.expand(float(0), [2, 3, 4]))],
  Concat: [
    given(
      'three',
      [
        [2, 1],
        [2, 2],
        [2, 3],
      ],
      ({ float }) => ir.concat([float(0), float(1), float(2)], -1),
    ),
  ],
  Split: [
    given('equal parts', [[2, 6]], ({ float }) => ir.split(float(0), -1, 3)),
    given('of which one is used', [[5, 2]], ({ float }) => {
      const [, second] = ir.split(float(0), 0, [1, 3, 1]);
      return second ? [second] : [];
    }),
  ],
  Slice: [
    given('from the end', [[4, 3]], ({ float }) => ir.slice(float(0), { axis: 0, start: -3, end: -1 })),
    given('to the end', [[2, 5]], ({ float }) => ir.slice(float(0), { axis: 1, start: 2 })),
  ],
  Pad: [given('both sides', [[2, 3]], ({ float }) => ir.pad(float(0), { axis: 1, before: 1, after: 2 }))],
  Gather: [
    given('rows of a table', [[3, 4]], ({ float, int }) => ir.gather(float(0), int(0), 0), { ints: [repeated] }),
    given('an inner axis', [[2, 3, 2]], ({ float, int }) => ir.gather(float(0), int(0), 1), {
      ints: [integers([4], [2, 0, 0, 1])],
    }),
    given('one row', [[3, 2]], ({ float, int }) => ir.gather(float(0), int(0), 0), { ints: [integers([], [2])] }),
    given('integers', [], ({ int }) => ir.gather(int(0), int(1), 0), { ints: [threes, integers([2], [1, 0])] }),
  ],
  GatherElements: [
    given('the last axis', [[2, 3]], ({ float, int }) => ir.gatherElements(float(0), int(0), -1), {
      ints: [integers([2, 2], [2, 2, 0, 1])],
    }),
    given('the first', [[3, 3]], ({ float, int }) => ir.gatherElements(float(0), int(0), 0), { ints: [repeated] }),
    given(
      'log-probabilities of labels',
      [[3, 4]],
      ({ float, int }) => ir.gatherElements(ir.logSoftmax(float(0)), int(0), 1),
      {
        ints: [integers([3, 1], [3, 0, 3])],
      },
    ),
  ],
  ScatterElements: [
    given(
      'adding, with repeats',
      [
        [3, 3],
        [2, 3],
      ],
      ({ float, int }) => ir.scatterElements(float(0), int(0), float(1), { axis: 0, reduction: 'add' }),
      { ints: [repeated] },
    ),
    given(
      'setting',
      [
        [2, 4],
        [2, 2],
      ],
      ({ float, int }) => ir.scatterElements(float(0), int(0), float(1), { axis: 1 }),
      {
        ints: [integers([2, 2], [3, 1, 0, 2])],
      },
    ),
    given(
      'a table read twice',
      [[3, 2]],
      ({ float, int }) => ir.matMul(ir.gather(float(0), int(0)), float(0), { transB: true }),
      {
        ints: [integers([4], [1, 1, 0, 1])],
      },
    ),
  ],
  ReduceSum: [
    ...reduction(ir.reduceSum),
    given('integers', [], ({ int }) => ir.reduceSum(int(0), [1]), { ints: [threes] }),
  ],
  ReduceMean: reduction(ir.reduceMean),
  ReduceMax: [
    ...reduction(ir.reduceMax),
    given('integers', [], ({ int }) => ir.reduceMax(int(0), [1]), { ints: [others] }),
  ],
  ArgMax: alongAxis(ir.argMax),
  TopK: [
    given('two of five', [[3, 5]], ({ float }) => {
      const { values, indices } = ir.topK(float(0), 2);
      return [values, indices];
    }),
  ],
  CumSum: [
    ...alongAxis((x, axis) => ir.cumSum(x, axis)),
    given('exclusive', [[2, 3]], ({ float }) => ir.cumSum(float(0), 1, { exclusive: true })),
    given('reverse', [[2, 3]], ({ float }) => ir.cumSum(float(0), 1, { reverse: true })),
    given('both', [[2, 3]], ({ float }) => ir.cumSum(float(0), 0, { exclusive: true, reverse: true })),
  ],
  Softmax: alongAxis(ir.softmax),
  LogSoftmax: alongAxis(ir.logSoftmax),
  LayerNormalization: [
    given('[2, 3, 5]', [[2, 3, 5], [5], [5]], ({ float }) =>
      ir.layerNorm(float(0), float(1), float(2), { epsilon: 1e-5 }),
    ),
  ],
  Loop: [
    given(
      'carried, scanned and captured',
      [
        [2, 2],
        [2, 2],
      ],
      ({ graph, float }) => {
        const { carried, scans } = ir.loop(graph, {
          trip: 3,
          carried: { h: float(0) },
          body: (iteration, { h }) => {
            const next = ir.tanh(ir.add(ir.matMul(h, float(1)), ir.cast(iteration, 'float32')));
            return {
              carried: { h: next },
              scans: { total: ir.reduceSum(next), before: h, fixed: ir.exp(float(1)), iteration },
            };
          },
        });
        return [carried.h, scans.total, scans.before, scans.fixed, scans.iteration];
      },
    ),
    given('nested', [[2]], ({ graph, float }) => {
      const outer = ir.loop(graph, {
        trip: 2,
        carried: { a: float(0), kept: float(0) },
        body: (i, { a, kept }) => {
          const inner = ir.loop(a.graph, {
            trip: 3,
            carried: { b: a },
            body: (j, { b }) => ({ carried: { b: ir.add(ir.mul(b, kept), ir.cast(ir.add(i, j), 'float32')) } }),
          });
          return { carried: { a: inner.carried.b, kept } };
        },
      });
      return [outer.carried.a, outer.carried.kept];
    }),
  ],
};

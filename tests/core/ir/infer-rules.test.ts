import { describe, expect, test } from 'vitest';
import type { Value } from '../../../core/ir/index.js';
import * as ir from '../../../core/ir/index.js';

const graph = new ir.Graph('shapes');
const float = (...shape: number[]) => graph.input(`float${graph.inputs.size}`, 'float32', shape);
const int = (...shape: number[]) => graph.input(`int${graph.inputs.size}`, 'int64', shape);

describe('shape errors say what was expected and what came', () => {
  const cases: readonly (readonly [string, () => Value | readonly Value[]])[] = [
    ['matMul: expected inner sizes to match, got [4, 8] × [6, 2]', () => ir.matMul(float(4, 8), float(6, 2))],
    [
      'matMul: expected inner sizes to match, got [4, 8] × [6, 2] with transA, transB',
      () => ir.matMul(float(4, 8), float(6, 2), { transA: true, transB: true }),
    ],
    ['matMul: expected operands of rank 2 or more, got [3] × [3, 2]', () => ir.matMul(float(3), float(3, 2))],
    ['add: expected shapes that broadcast, got [2, 3] and [2]', () => ir.add(float(2, 3), float(2))],
    ['reshape: expected a shape of 6 elements, as [2, 3] has, got [4, 2]', () => ir.reshape(float(2, 3), [4, 2])],
    ['reshape: expected one −1 at most and a shape of 6 elements, got [4, -1]', () => ir.reshape(float(2, 3), [4, -1])],
    ['expand: expected a shape that [2, 3] broadcasts to, got [2, 4]', () => ir.expand(float(2, 3), [2, 4])],
    ['transpose: expected an order of the axes of [2, 3], got [0, 0]', () => ir.transpose(float(2, 3), [0, 0])],
    [
      'concat: expected shapes that differ along axis 0 only, got [2, 3], [2, 4]',
      () => ir.concat([float(2, 3), float(2, 4)], 0),
    ],
    ['concat: expected at least one operand, got none', () => ir.concat([], 0)],
    ['split: expected sizes that add up to 5, got [2, 2]', () => ir.split(float(5), 0, [2, 2])],
    [
      'slice: expected 0 ≤ start ≤ end ≤ 3 along axis 0 of [3], got 2, 5',
      () => ir.slice(float(3), { axis: 0, start: 2, end: 5 }),
    ],
    ['softmax: expected an axis of a tensor of rank 2, got 2', () => ir.softmax(float(2, 3), 2)],
    ['ReduceSum: expected axes that differ, got [0, -2]', () => ir.reduceSum(float(2, 3), [0, -2])],
    [
      'gatherElements: expected indices of the rank of [2, 3], no larger but along axis 1, got [3, 1]',
      () => ir.gatherElements(float(2, 3), int(3, 1), 1),
    ],
    [
      "scatterElements: expected updates of the indices' shape [2, 1], got [2, 2]",
      () => ir.scatterElements(float(2, 3), int(2, 1), float(2, 2), { axis: 1 }),
    ],
    ['topK: expected 1 ≤ k ≤ 3, got 4', () => ir.topK(float(2, 3), 4).values],
    ['layerNorm: expected scale and bias of shape [3], got [2]', () => ir.layerNorm(float(2, 3), float(2), float(3))],
  ];
  test.each(cases)('%s', (message, build) => {
    expect(build).toThrow(ir.ShapeError);
    expect(build).toThrow(message);
  });
});

describe('dtype errors', () => {
  test('name both dtypes, even where the compiler was not told them', () => {
    const values: readonly Value[] = [float(2), int(2)];
    const [a, b] = values;
    if (!a || !b) throw new RangeError('two values were made');
    expect(() => ir.equal(a, b)).toThrow(ir.DTypeError);
    expect(() => ir.equal(a, b)).toThrow(
      'equal: expected operands of one dtype (cast one of them), got float32 and int64',
    );
  });

  test('are found by the compiler where it knows', () => {
    // @ts-expect-error a float and an integer
    expect(() => ir.add(float(2), int(2))).toThrow(ir.DTypeError);
    // @ts-expect-error no logarithm of integers
    expect(() => ir.log(int(2))).toThrow('log: expected float32 or float16, got int64 [2]');
    // @ts-expect-error positions are integers
    expect(() => ir.gather(float(2), float(1))).toThrow('gather indices: expected int32 or int64');
  });
});

test('loop: a carried value keeps its dtype and shape', () => {
  const carried = { x: float(2, 2) };
  expect(() =>
    ir.loop(graph, { trip: 2, carried, body: (_, { x }) => ({ carried: { x: ir.reduceSum(x, [0]) } }) }),
  ).toThrow('loop: expected carried value 0 to stay [2, 2], got [2]');
  expect(() => ir.loop(graph, { trip: 0, carried, body: (_, { x }) => ({ carried: { x } }) })).toThrow(
    'loop: expected a trip count of 1 or more, got 0',
  );
});

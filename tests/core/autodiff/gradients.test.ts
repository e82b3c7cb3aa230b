import { describe, expect, test } from 'vitest';
import { gradients, NotDifferentiableError, pullback } from '../../../core/autodiff/index.js';
import type { Value } from '../../../core/ir/index.js';
import { add, cast, constant, exp, Graph, loop, mul, reduceSum, scalar, ShapeError } from '../../../core/ir/index.js';
import { float16Bits, float16Value } from '../../../core/half-precision.js';
import { hasDType } from '../../../core/ir/emit.js';
import { opCases, random } from '../ir/op-cases.js';
import type { RefArray } from '../ir/reference/array.js';
import { fromHost } from '../ir/reference/array.js';
import type { BuiltCase } from '../ir/run-case.js';
import { buildCase, runOnnx, runReference } from '../ir/run-case.js';

// Central differences are taken of the reference interpreter in double precision, so their own error (step² ≈ 1e-8) does not
// count; what remains is onnxruntime's single precision over a forward and a backward pass.
const STEP = 1e-4;
const TOLERANCE = 1e-4;

/** Σ weights · results with fixed random weights, so that no direction of a result goes unseen. */
function weightedLoss(graph: Graph, results: readonly Value[]): Value<'float32'> {
  return results
    .filter((result) => hasDType(result, 'float32'))
    .map((result, index) => reduceSum(mul(result, constant(graph, random(result.shape, 100 + index)))))
    .reduce((total, term) => add(total, term), scalar(graph, 0));
}

function differences(built: BuiltCase, loss: Value, name: string): readonly number[] {
  const feed = built.feeds[name];
  if (!feed) throw new RangeError(`no feed for ${name}`);
  const base = fromHost(feed);
  const lossAt = (index: number, by: number) => {
    const shifted: RefArray = { shape: base.shape, data: base.data.map((x, i) => (i === index ? x + by : x)) };
    return runReference(built, [loss], new Map([[name, shifted]]))[0]?.data[0] ?? Number.NaN;
  };
  return base.data.map((_, index) => (lossAt(index, STEP) - lossAt(index, -STEP)) / (2 * STEP));
}

for (const [op, cases] of Object.entries(opCases).filter(([name]) => name !== 'Loop')) {
  describe.each(cases.filter(({ floats }) => floats.length > 0))(`gradients of ${op}: $name`, (opCase) => {
    test.each([true, false])('agree with central differences, fused ops %s', async (fused) => {
      const built = buildCase(op, opCase);
      const loss = weightedLoss(built.graph, built.results);
      const expected = built.floats.map((_, index) => differences(built, loss, `float${index}`));
      const actual = await runOnnx(built, gradients(loss, built.floats), fused);
      expected.forEach((want, input) => {
        const got = Array.from(actual[input]?.data ?? [], Number);
        expect(actual[input]?.shape).toEqual(built.floats[input]?.shape);
        want.forEach((target, index) => {
          const error = Math.abs((got[index] ?? Number.NaN) - target);
          expect(error, `d/dfloat${input}[${index}]: ${got[index]}, differences ${target}`).toBeLessThanOrEqual(
            TOLERANCE * Math.max(1, Math.abs(target)),
          );
        });
      });
    });
  });
}

describe('gradients', () => {
  test('refuses a loss of several elements', () => {
    const x = new Graph('g').input('x', 'float32', [2]);
    expect(() => gradients(x, [x])).toThrow(ShapeError);
    expect(() => gradients(x, [x])).toThrow('gradients: expected a loss of one element (reduce it first), got [2]');
  });

  test('says that a loop cannot be differentiated, by what it carries and by what it captures', () => {
    const graph = new Graph('g');
    const x = graph.input('x', 'float32', [2]);
    const w = graph.input('w', 'float32', [2]);
    const { carried } = loop(graph, {
      trip: 2,
      carried: { h: x },
      body: (_, { h }) => ({ carried: { h: mul(h, w) } }),
    });
    const loss = reduceSum(carried.h);
    expect(() => gradients(loss, [x])).toThrow(NotDifferentiableError);
    expect(() => gradients(loss, [w])).toThrow('Loop cannot be differentiated; take the gradients inside the body');
  });

  test('gives zeros where the loss does not depend on a value', async () => {
    const built = buildCase('zeros', {
      name: '',
      floats: [random([2], 0), random([3], 1)],
      ints: [],
      bools: [],
      build: () => [],
    });
    const [x, y] = built.floats;
    if (!x || !y) throw new RangeError('two inputs were declared');
    const [, dY] = await runOnnx(built, gradients(reduceSum(exp(x)), [x, y]), true);
    expect(dY?.data).toEqual(new Float32Array(3));
  });

  test('taken inside a loop body follow what was moved out of it', async () => {
    const built = buildCase('inside', { name: '', floats: [random([2, 2], 0)], ints: [], bools: [], build: () => [] });
    const [w] = built.floats;
    if (!w) throw new RangeError('one input was declared');
    const { scans } = loop(built.graph, {
      trip: 2,
      carried: { h: scalar(built.graph, 1) },
      body: (_, { h }) => {
        const loss = reduceSum(mul(exp(w), h)); // exp(w) does not depend on the iteration and is computed outside
        const [dW = w] = gradients(loss, [w]);
        return { carried: { h: mul(h, 2) }, scans: { dW } };
      },
    });
    const [got] = await runOnnx(built, [scans.dW], true);
    const expected = fromHost(random([2, 2], 0)).data.map(Math.exp);
    Array.from(got?.data ?? [], Number).forEach((value, index) => {
      expect(value).toBeCloseTo((expected[index % 4] ?? 0) * (index < 4 ? 1 : 2), 5);
    });
  });
});

test('gradients of what is computed in float16 are float32, taken at the rounded values', async () => {
  const built = buildCase('float16', {
    name: '',
    floats: [random([3], 0), random([3], 1)],
    ints: [],
    bools: [],
    build: () => [],
  });
  const [x, w] = built.floats;
  if (!x || !w) throw new RangeError('two inputs were declared');
  const product = mul(cast(x, 'float16'), exp(cast(w, 'float16')));
  const slopes = gradients(reduceSum(cast(product, 'float32')), [x, w]);
  const [dX, dW] = await runOnnx(built, slopes, true);
  const [xs, ws] = [random([3], 0), random([3], 1)].map(({ data }) =>
    Array.from(data, (one) => float16Value(float16Bits(one))),
  );
  // exp's own result is rounded once more.
  ws!.forEach((one, i) => {
    expect(Number(dX?.data[i])).toBe(float16Value(float16Bits(Math.exp(one))));
    expect(Number(dW?.data[i])).toBeCloseTo(xs![i]! * Math.exp(one), 2);
  });
});

describe('pullback', () => {
  test('adds what is known at a value to what comes through the others', async () => {
    const built = buildCase('pullback', {
      name: '',
      floats: [random([3, 2], 0), random([3, 2], 1)],
      ints: [],
      bools: [],
      build: () => [],
    });
    const [x, known] = built.floats;
    if (!x || !known) throw new RangeError('two inputs were declared');
    const y = exp(x);
    const byHand = pullback(
      [
        { value: x, gradient: known },
        { value: y, gradient: mul(known, 2) },
      ],
      [x],
    );
    const byLoss = gradients(reduceSum(add(mul(x, known), mul(y, mul(known, 2)))), [x]);
    const [got, want] = await runOnnx(built, [...byHand, ...byLoss], true);
    Array.from(got?.data ?? [], Number).forEach((value, index) => {
      expect(value).toBeCloseTo(Number(want?.data[index]), 6);
    });
  });

  test('refuses a gradient of another shape', () => {
    const x = new Graph('g').input('x', 'float32', [2]);
    expect(() => pullback([{ value: x, gradient: reduceSum(x) }], [x])).toThrow(
      'pullback: expected a gradient of shape [2], got []',
    );
  });
});

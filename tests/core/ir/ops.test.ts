import { describe, expect, test } from 'vitest';
import { emit } from '../../../core/ir/emit.js';
import { hostTensor } from '../../../core/tensor.js';
import { opCases } from './op-cases.js';
import { toHost } from './reference/array.js';
import { buildCase, runOnnx, runReference } from './run-case.js';

// onnxruntime computes in single precision and with polynomials for exp, tanh and erf: a few units in the seventh digit of
// numbers around one, the more of them the longer the sums.
const TOLERANCE = 1e-5;

for (const [op, cases] of Object.entries(opCases)) {
  describe.each(cases)(`${op}: $name`, (opCase) => {
    test.each([true, false])('gives the reference values, fused ops %s', async (fused) => {
      const built = buildCase(op, opCase);
      const expected = runReference(built, built.results);
      const actual = await runOnnx(built, built.results, fused);
      built.results.forEach((result, index) => {
        const got = actual[index];
        expect({ dtype: got?.dtype, shape: got?.shape }).toEqual({ dtype: result.dtype, shape: [...result.shape] });
        const want = toHost(result.dtype, expected[index] ?? { shape: [], data: [] });
        expect(want.shape).toEqual(result.shape);
        expectClose(Array.from(got?.data ?? [], Number), Array.from(want.data, Number));
      });
    });
  });
}

describe.each(['none', 'tanh'] as const)('Gelu and its share, %s', (approximate) => {
  test.each([true, false])('give the reference values, fused ops %s', async (fused) => {
    const built = buildCase('gelu', {
      name: '',
      floats: [hostTensor('float32', [7], Float32Array.of(-5, -3, -0.5, 0, 0.5, 3, 5))],
      ints: [],
      bools: [],
      build: ({ float }) => emit('Gelu', [float(0)], { approximate }).outputs,
    });
    const expected = runReference(built, built.results);
    const actual = await runOnnx(built, built.results, fused);
    expect(actual).toHaveLength(2);
    expected.forEach(({ data }, index) => expectClose(Array.from(actual[index]?.data ?? [], Number), [...data]));
  });
});

function expectClose(got: readonly number[], want: readonly number[]): void {
  expect(got).toHaveLength(want.length);
  got.forEach((value, index) => {
    const target = want[index] ?? Number.NaN;
    expect(Math.abs(value - target), `element ${index}: ${value}, reference ${target}`).toBeLessThanOrEqual(
      TOLERANCE * Math.max(1, Math.abs(target)),
    );
  });
}

import { expect, test } from 'vitest';
import { openSession } from '../../../core/backends/index.js';
import { add, cast, Graph, matMul, program } from '../../../core/ir/index.js';
import { inMixedPrecision } from '../../../core/ir/mixed-precision.js';
import { printGraph } from '../../../core/ir/print.js';
import { hostTensor } from '../../../core/tensor.js';

test('float16 on the CPU rounds every result, subnormal and infinite ones too', async () => {
  const graph = new Graph('rounding');
  const x = graph.input('x', 'float32', [5]);
  const half = cast(x, 'float16');
  const outputs = { y: cast(half, 'float32'), twice: cast(add(half, half), 'float32') };
  const session = await openSession(program(graph, { outputs }), { threads: 1 });
  const result = await session.run({
    x: hostTensor('float32', [5], Float32Array.of(1.0003, 1e-9, 7e-8, 40_000, 70_000)),
  });
  await session.release();
  expect(Array.from(result.y.data)).toEqual([1, 0, 2 ** -24, 40_000, Infinity]);
  expect(Array.from(result.twice.data)).toEqual([2, 0, 2 ** -23, Infinity, Infinity]);
});

test('inMixedPrecision rounds what products read', async () => {
  const graph = new Graph('product');
  const [x, w, b] = [
    graph.input('x', 'float32', [2, 2]),
    graph.input('w', 'float32', [2, 2]),
    graph.input('b', 'float32', [2]),
  ];
  const built = program(graph, { outputs: { y: add(matMul(x, w), b) } });
  const mixed = inMixedPrecision(built, { masters: [w, b], exact: [] });
  console.log(printGraph(mixed.graph, mixed.results));
  const session = await openSession(mixed, { threads: 1 });
  const result = await session.run({
    x: hostTensor('float32', [2, 2], Float32Array.of(1.0003, 0, 1e-9, 0)),
    w: hostTensor('float32', [2, 2], Float32Array.of(1, 0, 0, 1)),
    b: hostTensor('float32', [2], Float32Array.of(0, 1)),
  });
  await session.release();
  expect(Array.from(result.y!.data, Number)).toEqual([1, 1, 0, 1]);
});

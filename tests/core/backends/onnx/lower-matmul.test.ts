import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { ModelProtoSchema } from '../../../../core/backends/onnx/gen/onnx_pb.js';
import { lowerToOnnx, openSession } from '../../../../core/backends/onnx/index.js';
import { Graph, matMul, program } from '../../../../core/ir/index.js';
import { normals } from '../../../../core/random/counter.js';
import { hostTensor, sizeOf } from '../../../../core/tensor.js';

test.each([
  {
    name: 'the other way round where C is tall and large',
    a: [500, 8000],
    b: [500, 100],
    ops: 'Transpose Gemm Transpose',
  },
  {
    name: 'the other way round where A is larger than both',
    a: [1000, 600],
    b: [1000, 100],
    ops: 'Transpose Gemm Transpose',
  },
  { name: 'from a transposed A where A is large', a: [400, 1300], b: [400, 1300], ops: 'Transpose Gemm' },
  { name: 'from a transposed A where A has many rows', a: [1000, 128], b: [1000, 512], ops: 'Transpose Gemm' },
  { name: 'as it is where A has few rows', a: [400, 600], b: [400, 600], ops: 'Gemm' },
  { name: 'as it is where C is tall and small', a: [300, 2000], b: [300, 20], ops: 'Gemm' },
])('lowerMatMul computes C = Aᵀ B $name', async ({ a, b, ops }) => {
  const graph = new Graph('product');
  const product = matMul(graph.input('a', 'float32', a), graph.input('b', 'float32', b), { transA: true, alpha: 0.5 });
  const lowered = program(graph, { outputs: { product } });
  const { graph: written } = fromBinary(ModelProtoSchema, lowerToOnnx(lowered, { fused: true, turnLarge: true }));
  expect(
    written?.node
      .map(({ opType }) => opType)
      .filter((op) => op !== 'Identity')
      .join(' '),
  ).toBe(ops);

  const draw = (step: number, shape: number[]) =>
    hostTensor('float32', shape, normals({ seed: 1, stream: 'product', step }, sizeOf(shape)));
  const [left, right] = [draw(0, a), draw(1, b)];
  const session = await openSession(lowered, { threads: 2 });
  const { product: found } = await session.run({ a: left, b: right });
  await session.release();
  const [[k = 0, m = 0], n = 0] = [a, b[1]];
  for (const [row, column] of [
    [0, 0],
    [m - 1, n - 1],
    [Math.floor(m / 2), Math.floor(n / 3)],
  ] as const) {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += left.data[i * m + row]! * right.data[i * n + column]!;
    expect(found.data[row * n + column]).toBeCloseTo(sum / 2, 4);
  }
});

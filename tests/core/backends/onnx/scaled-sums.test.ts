import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { ModelProtoSchema } from '../../../../core/backends/onnx/gen/onnx_pb.js';
import { lowerToOnnx, openSession } from '../../../../core/backends/onnx/index.js';
import { add, exp, Graph, mul, program, reduceSum, scalar, sub } from '../../../../core/ir/index.js';
import type { Program, Value } from '../../../../core/ir/index.js';
import { normals } from '../../../../core/random/counter.js';
import { hostTensor, sizeOf } from '../../../../core/tensor.js';
import type { Shape } from '../../../../core/tensor.js';

type Floats = Value<'float32'>;

function built(shape: Shape, scaleShape: Shape, of: (x: Floats, y: Floats, scale: Floats) => Floats): Program {
  const graph = new Graph('sums');
  const [x, y] = [graph.input('x', 'float32', shape), graph.input('y', 'float32', shape)];
  return program(graph, { outputs: { sum: of(x, y, graph.input('scale', 'float32', scaleShape)) } });
}

function ops(lowered: Program): readonly string[] {
  const { graph } = fromBinary(ModelProtoSchema, lowerToOnnx(lowered, { scaledSums: true }));
  return graph?.node.map(({ opType }) => opType) ?? [];
}

const matrix = [32, 96];
const row = [32, 1];

const fused: [string, Program][] = [
  ['a number', built(matrix, [], (x, y, scale) => add(x, mul(y, scale)))],
  ['a number in front', built(matrix, [], (x, y, scale) => add(mul(scale, y), x))],
  ['a constant', built(matrix, [], (x, y) => add(x, mul(y, 0.3)))],
  ['a number taken away', built(matrix, [], (x, y, scale) => sub(x, mul(y, scale)))],
  ['one number a row', built(matrix, row, (x, y, scale) => add(x, mul(y, scale)))],
  ['one number a row taken away', built([4, 8, 5], [4, 8, 1], (x, y, scale) => sub(x, mul(scale, y)))],
  ['one of two products', built(matrix, [], (x, y, scale) => add(mul(x, scale), mul(y, exp(scale))))],
];

const left: [string, Program][] = [
  ['few rows', built([4, 96], [], (x, y, scale) => add(x, mul(y, scale)))],
  ['a vector', built([4096], [], (x, y, scale) => add(x, mul(y, scale)))],
  ['one number a column', built(matrix, [1, 96], (x, y, scale) => add(x, mul(y, scale)))],
  ['a product that is taken away from', built(matrix, [], (x, y, scale) => sub(mul(y, scale), x))],
  ['a product that is read twice', built(matrix, [], (x, y, scale) => add(add(x, mul(y, scale)), exp(mul(y, scale))))],
];

describe('scaledSums', () => {
  test.each(fused)('are one op with %s, with the bits of two', async (_, lowered) => {
    expect(ops(lowered)).toContain('GatedAdd');
    const feeds = Object.fromEntries(
      Object.entries(lowered.inputs).map(([name, { shape }], step) => [
        name,
        hostTensor('float32', shape, normals({ seed: 1, stream: 'test', step }, sizeOf(shape))),
      ]),
    );
    const [one, two] = [
      await openSession(lowered, { threads: 2 }),
      await openSession(lowered, { threads: 2, fused: false }),
    ];
    expect((await one.run(feeds))['sum']).toEqual((await two.run(feeds))['sum']);
    await one.release();
    await two.release();
  });

  test.each(left)('leave %s as it is', (_, lowered) => expect(ops(lowered)).not.toContain('GatedAdd'));

  test('leave a product that is a result itself', () => {
    const graph = new Graph('sums');
    const [x, y] = [graph.input('x', 'float32', matrix), graph.input('y', 'float32', matrix)];
    const product = mul(y, scalar(graph, 2));
    const both = program(graph, { outputs: { product, sum: reduceSum(add(x, product)) } });
    expect(ops(both)).not.toContain('GatedAdd');
  });
});

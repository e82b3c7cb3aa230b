import { describe, expect, test } from 'vitest';
import { openSession } from '../../../core/backends/onnx/index.js';
import { FeedError } from '../../../core/backends/onnx/index.js';
import type { Group, Program } from '../../../core/ir/index.js';
import { add, cast, Graph, program, reduceSum } from '../../../core/ir/index.js';
import { hostTensor } from '../../../core/tensor.js';

function typedProgram() {
  const graph = new Graph('typed');
  const tokens = graph.input('tokens', 'int64', [2, 3]);
  const params: Group<'param', 'float32'> = { 'param:w': graph.input('param:w', 'float32', [3]) };
  const total = add(cast(tokens, 'float32'), params['param:w'] ?? 0);
  return program(graph, { inputs: Object.assign({ tokens }, params), outputs: { total, count: reduceSum(tokens) } });
}

const tokens = hostTensor('int64', [2, 3], BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n));
const w = hostTensor('float32', [3], Float32Array.of(0.5, 0.25, 0));

describe('program', () => {
  test('runs with the names and dtypes that its type tells', async () => {
    const session = await openSession(typedProgram(), { threads: 1 });
    const { total, count } = await session.run({ tokens, 'param:w': w });
    expect(Array.from(total.data)).toEqual([1.5, 2.25, 3, 4.5, 5.25, 6]);
    expect(count.data[0]).toBe(21n);
    await session.release();
  });

  test('does not compile with a wrong name or dtype, nor run', async () => {
    const session = await openSession(typedProgram(), { threads: 1 });
    // @ts-expect-error no input is called toekns
    await expect(session.run({ toekns: tokens, 'param:w': w })).rejects.toThrow(FeedError);
    // @ts-expect-error tokens are int64
    await expect(session.run({ tokens: w, 'param:w': w })).rejects.toThrow(FeedError);
    // @ts-expect-error parameters are float32
    await expect(session.run({ tokens, 'param:w': tokens })).rejects.toThrow(FeedError);
    // @ts-expect-error tokens are left out
    await expect(session.run({ 'param:w': w })).rejects.toThrow(FeedError);
    const fetched = await session.run({ tokens, 'param:w': w });
    // @ts-expect-error no output is called totl
    expect(fetched.totl).toBeUndefined();
    // @ts-expect-error the total is float32
    const wrong: BigInt64Array = fetched.total.data;
    expect(wrong).toBeInstanceOf(Float32Array);
    await session.release();
  });

  test('carries shapes in its type', () => {
    const shape: readonly [2, 3] = typedProgram().inputs.tokens.shape;
    // @ts-expect-error the shape is [2, 3]
    const other: readonly [3, 2] = typedProgram().inputs.tokens.shape;
    expect(shape).toEqual(other);
  });

  test('of any type is a Program', () => {
    const general: Program = typedProgram();
    expect(Object.keys(general.inputs)).toEqual(['tokens', 'param:w']);
  });

  test('refuses inputs listed under other names, or left out', () => {
    const graph = new Graph('names');
    const x = graph.input('x', 'float32', [2]);
    const y = graph.input('y', 'float32', [2]);
    expect(() => program(graph, { inputs: { x, z: y }, outputs: { sum: add(x, y) } })).toThrow(
      "program names: the input listed as 'z' was not declared under this name",
    );
    expect(() => program(graph, { inputs: { x }, outputs: { sum: add(x, y) } })).toThrow(
      'program names: inputs not listed: y',
    );
  });
});

import { describe, expect, test } from 'vitest';
import { openSession } from '../../../core/backends/index.js';
import * as ir from '../../../core/ir/index.js';
import { Graph, program } from '../../../core/ir/index.js';
import type { Value } from '../../../core/ir/index.js';
import { inMixedPrecision } from '../../../core/ir/mixed-precision.js';
import type { MixedPrecisionOptions } from '../../../core/ir/mixed-precision.js';
import { printGraph } from '../../../core/ir/print.js';
import { hostTensor } from '../../../core/tensor.js';
import type { HostTensor } from '../../../core/tensor.js';

const graph = () => new Graph('g');
const float = (g: Graph, name: string, ...shape: number[]) => g.input(name, 'float32', shape);

/** `Add float16` and so on: what each node of the rewritten program computes in. */
function computedIn(g: Graph, outputs: Record<string, Value>, options: Partial<MixedPrecisionOptions> = {}): string[] {
  const mixed = inMixedPrecision(program(g, { outputs }), { masters: [], exact: [], ...options });
  return mixed.graph.nodes
    .filter(({ op }) => op !== 'Cast' && op !== 'Constant')
    .map(({ op, outputs: [first] }) => `${op} ${first.dtype}`);
}

async function runOn(g: Graph, outputs: Record<string, Value>, feeds: Record<string, HostTensor>) {
  const session = await openSession(program(g, { outputs }), { threads: 1 });
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Array.from(data, Number)]));
}

const vector = (...values: number[]) => hostTensor('float32', [values.length], Float32Array.from(values));

describe('float16', () => {
  test('rounds every result on the CPU as well, the smallest and the largest too', async () => {
    const g = graph();
    const half = ir.cast(float(g, 'x', 5), 'float16');
    const outputs = { y: ir.cast(half, 'float32'), twice: ir.cast(ir.add(half, half), 'float32') };
    const results = await runOn(g, outputs, { x: vector(1.0003, 1e-9, 7e-8, 40_000, 70_000) });
    expect(results['y']).toEqual([1, 0, 2 ** -24, 40_000, Infinity]);
    expect(results['twice']).toEqual([2, 0, 2 ** -23, Infinity, Infinity]);
  });

  test('has constants, and numbers take its dtype', async () => {
    const g = graph();
    const x = ir.cast(float(g, 'x', 2), 'float16');
    const shifted = ir.mul(ir.add(x, 1 / 3), 2 ** -24);
    expect(printGraph(g)).toContain('Constant() {0.333251953125}');
    expect(await runOn(g, { y: ir.cast(ir.add(x, 1 / 3), 'float32') }, { x: vector(0, 1) })).toEqual({
      y: [0.333251953125, 1.3330078125],
    });
    expect(shifted.graph.producer(shifted)?.op).toBe('Mul');
  });

  test('goes in and comes out as bit patterns', async () => {
    const g = graph();
    const x = g.input('x', 'float16', [3]);
    const ones = hostTensor('float16', [3], Uint16Array.of(0x3c00, 0xbc00, 0x7bff));
    expect(await runOn(g, { y: ir.neg(x) }, { x: ones })).toEqual({ y: [0xbc00, 0x3c00, 0xfbff] });
  });

  test('does not mix with float32', () => {
    const g = graph();
    const [x, half] = [float(g, 'x', 2, 2), g.input('h', 'float16', [2, 2])];
    const mixed: Value<'float32'>[] = [x, Object.assign({}, half, { dtype: 'float16' as 'float32' })];
    const problem = /expected operands of one dtype \(cast one of them\), got float(32|16) and float(32|16)/;
    expect(() => ir.add(mixed[0]!, mixed[1]!)).toThrow(problem);
    expect(() => ir.matMul(mixed[0]!, mixed[1]!)).toThrow(problem);
    expect(() => ir.concat(mixed, 0)).toThrow(problem);
    expect(() => ir.layerNorm(x, ir.reshape(x, [4]), ir.reshape(x, [4]))).toThrow(/of shape \[2\]/);
  });
});

describe('inMixedPrecision', () => {
  test('computes products and what passes them on in float16; parameters and small constants adapt', () => {
    const g = graph();
    const [x, w, b] = [float(g, 'x', 4, 2), float(g, 'w', 2, 3), float(g, 'b', 3)];
    const y = ir.transpose(ir.geluTanh(ir.mul(ir.add(ir.matMul(x, w), b), 0.5)), [1, 0]);
    const expected = ['MatMul', 'Add', 'Mul', 'Gelu', 'Transpose'].map((op) => `${op} float16`);
    expect(computedIn(g, { y }, { masters: [w, b] })).toEqual(expected);
  });

  test('keeps what comes from the batch in float32, so that a residual sum is exact', () => {
    const g = graph();
    const [x, w] = [float(g, 'x', 4, 4), float(g, 'w', 4, 4)];
    expect(computedIn(g, { y: ir.add(x, ir.matMul(x, w)) }, { masters: [w] })).toEqual([
      'MatMul float16',
      'Add float32',
    ]);
  });

  test('sums, normalises and exponentiates in float32', () => {
    const g = graph();
    const [x, w, b] = [float(g, 'x', 4, 4), float(g, 'w', 4, 4), float(g, 'b', 4)];
    const y = ir.matMul(x, w);
    const outputs = {
      softmax: ir.softmax(y),
      norm: ir.layerNorm(y, b, b),
      sum: ir.reduceSum(y),
      column: ir.matMul(ir.expand(ir.scalar(g, 1), [1, 4]), y),
      square: ir.mul(y, y),
      root: ir.sqrt(y),
    };
    expect(computedIn(g, outputs, { masters: [w, b] })).toEqual([
      'MatMul float16',
      'Softmax float32',
      'LayerNormalization float32',
      'ReduceSum float32',
      'Expand float32',
      'MatMul float32',
      'Mul float32',
      'Sqrt float32',
    ]);
  });

  test('adds a mask beyond its range in float32', () => {
    const g = graph();
    const [x, w] = [float(g, 'x', 4, 4), float(g, 'w', 4, 4)];
    expect(computedIn(g, { y: ir.add(ir.matMul(x, w), -1e9) })).toEqual(['MatMul float16', 'Add float32']);
    expect(computedIn(g, { y: ir.add(ir.matMul(x, w), -65_504) })).toEqual(['MatMul float16', 'Add float16']);
  });

  test('makes exact values, and all results, float32', () => {
    const g = graph();
    const [x, w] = [float(g, 'x', 4, 4), float(g, 'w', 4, 4)];
    const slope = ir.matMul(x, w, { transA: true });
    expect(computedIn(g, { y: ir.neg(slope) }, { exact: [slope] })).toEqual(['MatMul float16', 'Neg float32']);
    const mixed = inMixedPrecision(program(g, { outputs: { slope } }), { masters: [], exact: [] });
    expect(mixed.outputs).toEqual({ slope: { dtype: 'float32', shape: [4, 4] } });
  });

  test('rounds parameters outside of a loop that reads them, and carries float32', async () => {
    const g = graph();
    const [x, w] = [float(g, 'x', 2, 2), float(g, 'w', 2, 2)];
    const { carried, scans } = ir.loop(g, {
      trip: 3,
      carried: { h: x },
      body: (_, { h }) => ({ carried: { h: ir.matMul(h, w) }, scans: { h } }),
    });
    const built = program(g, { outputs: { last: carried.h, all: scans.h } });
    const mixed = inMixedPrecision(built, { masters: [w], exact: [] });
    expect(mixed.graph.nodes.map(({ op }) => op)).toEqual(['Cast', 'Loop']);
    expect(mixed.outputs).toEqual(built.outputs);
    const session = await openSession(mixed, { threads: 1 });
    const matrix = (...values: number[]) => hostTensor('float32', [2, 2], Float32Array.from(values));
    const results = await session.run({ x: matrix(1.0003, 0, 0, 1e-9), w: matrix(1, 0, 0, 1) });
    await session.release();
    // The first scan is before any product.
    expect(Array.from(results['last']!.data, Number)).toEqual([1, 0, 0, 0]);
    expect(Array.from(results['all']!.data.slice(0, 4), Number)).toEqual([...Float32Array.of(1.0003, 0, 0, 1e-9)]);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openBoundSession } from '../../../../core/backends/index.js';
import { FeedError, RuntimeFailureError } from '../../../../core/backends/errors.js';
import {
  abs,
  add,
  exp,
  gather,
  Graph,
  log,
  matMul,
  mul,
  neg,
  program,
  reduceSum,
  sqrt,
} from '../../../../core/ir/index.js';
import { hostTensor } from '../../../../core/tensor.js';

const floats = (...values: number[]) => hostTensor('float32', [values.length], Float32Array.from(values));

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly args: { readonly op_name: string };
}

describe('openBoundSession', () => {
  const graph = new Graph('bound');
  const [weights, x] = [graph.input('weights', 'float32', [2]), graph.input('x', 'float32', [2])];
  const built = program(graph, { outputs: { sum: add(weights, x), product: mul(weights, x) } });

  test('reads what is bound as it is by then, and writes where it was told to', async () => {
    const [bound, sum, product] = [floats(1, 2), floats(0, 0), floats(0, 0)];
    const session = await openBoundSession(
      built,
      { threads: 1 },
      { feeds: { weights: bound }, results: { sum, product } },
    );
    await session.run({ x: floats(10, 20) });
    expect([[...sum.data], [...product.data]]).toEqual([
      [11, 22],
      [10, 40],
    ]);
    bound.data.set([3, 4]);
    await session.run({ x: floats(1, 1) });
    expect([[...sum.data], [...product.data]]).toEqual([
      [4, 5],
      [3, 4],
    ]);
    await session.release();
  });

  test('takes memory in the midst of a larger one', async () => {
    const memory = new Float32Array(8).fill(9);
    const at = (start: number) => hostTensor('float32', [2], memory.subarray(start, start + 2));
    const session = await openBoundSession(
      built,
      { threads: 1 },
      { feeds: { weights: at(0) }, results: { sum: at(2), product: at(5) } },
    );
    await session.run({ x: floats(1, 2) });
    expect([...memory]).toEqual([9, 9, 10, 11, 9, 9, 18, 9]);
    await session.release();
  });

  test('says what does not fit, of feeds and of results', async () => {
    const results = { sum: floats(0, 0), product: floats(0, 0) };
    const open = (bound: Parameters<typeof openBoundSession>[2]) => openBoundSession(built, { threads: 1 }, bound);
    await expect(open({ feeds: { weights: floats(1) }, results })).rejects.toThrow(FeedError);
    await expect(open({ feeds: {}, results: { sum: results.sum } })).rejects.toThrow(
      /'product' must be .* got nothing/,
    );
    const session = await open({ feeds: { weights: floats(1, 2) }, results });
    await expect(session.run({})).rejects.toThrow(FeedError);
    await expect(session.run({ x: floats(1, 2), weights: floats(1, 2) })).rejects.toThrow(FeedError);
    await session.release();
  });

  test('does not take a run that fails for one that came to its end', async () => {
    const picking = new Graph('picking');
    const row = picking.input('row', 'int32', [1]);
    const picked = program(picking, { outputs: { picked: gather(picking.input('table', 'float32', [2]), row) } });
    const session = await openBoundSession(
      picked,
      { threads: 1 },
      { feeds: { table: floats(1, 2) }, results: { picked: floats(0) } },
    );
    const outside = { row: hostTensor('int32', [1], Int32Array.of(7)) };
    await expect(session.run(outside)).rejects.toThrow(RuntimeFailureError);
    await session.release();
  });

  test('computes results as soon as it can, so that what they need is given up early', async () => {
    const chain = new Graph('chain');
    const first = exp(chain.input('x', 'float32', [2]));
    const second = sqrt(first);
    const outputs = { a: neg(first), b: abs(second), c: log(reduceSum(second)) };
    const prefix = join(mkdtempSync(join(tmpdir(), 'debias-profile-')), 'run');
    const results = { a: floats(0, 0), b: floats(0, 0), c: hostTensor('float32', [], new Float32Array(1)) };
    const options = { threads: 1, profilePrefix: prefix };
    const session = await openBoundSession(program(chain, { outputs }), options, { feeds: {}, results });
    await session.run({ x: floats(1, 2) });
    await session.release();
    const [file] = readdirSync(dirname(prefix));
    const events: ProfileEvent[] = JSON.parse(readFileSync(join(dirname(prefix), file!), 'utf8'));
    const kernels = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('kernel_time'));
    const order = kernels.toSorted((one, other) => one.ts - other.ts).map(({ args }) => args.op_name);
    expect(order.filter((op) => op !== 'SequenceConstruct')).toEqual(['Exp', 'Neg', 'Sqrt', 'Abs', 'ReduceSum', 'Log']);
    rmSync(dirname(prefix), { recursive: true });
  });

  // Were they copied out, each run would leave 16 MB behind for the collector.
  test('copies no result', async () => {
    const wide = new Graph('wide');
    const [a, b] = [wide.input('a', 'float32', [2048, 1]), wide.input('b', 'float32', [1, 2048])];
    const matrix = () => hostTensor('float32', [2048, 2048], new Float32Array(2048 * 2048));
    const ones = (...shape: number[]) => hostTensor('float32', shape, new Float32Array(2048).fill(1));
    const outer = matrix();
    const session = await openBoundSession(
      program(wide, { outputs: { outer: matMul(a, b) } }),
      { threads: 1 },
      { feeds: { a: ones(2048, 1) }, results: { outer } },
    );
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 3; i++) await session.run({ b: ones(1, 2048) });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8e6);
    expect(outer.data.every((value) => value === 1)).toBe(true);
    await session.release();
  });
});

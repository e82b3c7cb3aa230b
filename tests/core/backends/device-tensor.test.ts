import { describe, expect, test } from 'vitest';
import {
  deviceMemory,
  disposeAll,
  isOnHost,
  openKeepingSession,
  openSession,
  ResidentTensors,
  staysOnDevice,
} from '../../../core/backends/index.js';
import type { Device, LocatedTensors } from '../../../core/backends/index.js';
import { loadTfjs } from '../../../core/backends/tfjs/library.js';
import { add, Graph, mul, program, reduceSum } from '../../../core/ir/index.js';
import { hostTensor } from '../../../core/tensor.js';
import { absenceOf } from './absence.js';

const floats = (...values: number[]) => hostTensor('float32', [values.length], Float32Array.from(values));

/** x ← 2x + 1, and the sum of it. */
function doubling(size: number) {
  const graph = new Graph('doubling');
  const x = graph.input('x', 'float32', [size]);
  const next = add(mul(x, 2), 1);
  return program(graph, { outputs: { x: next, sum: reduceSum(next) } });
}

/** Steps of the program whose state is fed back, each state disposed of once the next is there. */
async function steps(device: Device, size: number, count: number): Promise<{ sums: number[]; last: LocatedTensors }> {
  const session = await openKeepingSession(doubling(size), { device, threads: 1 }, ['x']);
  let state: LocatedTensors = { x: hostTensor('float32', [size], new Float32Array(size)) };
  const sums: number[] = [];
  for (let step = 0; step < count; step++) {
    const { read, kept } = await session.run(state);
    disposeAll(Object.values(state));
    state = kept;
    sums.push(Number(read['sum']?.data[0]));
  }
  await session.release();
  return { sums, last: state };
}

describe.each(['cpu', 'webgpu', 'tfjs:cpu', 'tfjs:wasm'] as const)('openKeepingSession on %s', async (device) => {
  const absent = await absenceOf(device);

  test.skipIf(absent)('carries a state from run to run where it lies, and reads it in the end', async () => {
    const { sums, last } = await steps(device, 2, 3);
    expect(sums).toEqual([2, 6, 14]);
    expect(isOnHost(last['x']!)).toBe(!staysOnDevice({ device }));
    const { x } = await deviceMemory({ device, threads: 1 }).download(last);
    disposeAll(Object.values(last));
    expect(x).toEqual(floats(7, 7));
  });

  test.skipIf(absent)('takes a state that another session left there', async () => {
    const { last } = await steps(device, 2, 1);
    const other = await openSession(doubling(2), { device, threads: 1 });
    const first = await other.run({ x: last['x']! });
    expect([...first.sum.data]).toEqual([6]);
    expect(await other.run({ x: last['x']! })).toEqual(first);
    disposeAll(Object.values(last));
    await other.release();
  });
});

describe('disposeAll', async () => {
  const absent = await absenceOf('webgpu');

  test.skipIf(absent)('gives the memory of WebGPU back', async () => {
    const size = 2 ** 20; // 4 MB
    disposeAll(Object.values((await steps('webgpu', size, 10)).last));
    const before = process.memoryUsage.rss();
    disposeAll(Object.values((await steps('webgpu', size, 60)).last));
    expect(process.memoryUsage.rss() - before).toBeLessThan(30 * 4 * size);
  });

  test('leaves no tensor of TensorFlow.js', async () => {
    const tf = await loadTfjs('cpu');
    const before = tf.memory().numTensors;
    disposeAll(Object.values((await steps('tfjs:cpu', 4, 5)).last));
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('ResidentTensors sends a tensor once, and again only when another comes under its name', async () => {
  const tf = await loadTfjs('cpu');
  const before = tf.memory().numTensors;
  const resident = new ResidentTensors(deviceMemory({ device: 'tfjs:cpu', threads: 1 }));
  const [a, b] = [floats(1), floats(2)];
  const first = await resident.feeds({ a, b });
  expect(await resident.feeds({ a, b })).toEqual(first);
  const changed = await resident.feeds({ a, b: floats(3) });
  expect(changed['a']).toBe(first['a']);
  expect(changed['b']).not.toBe(first['b']);
  expect(tf.memory().numTensors).toBe(before + 2);
  resident.release();
  expect(tf.memory().numTensors).toBe(before);
});

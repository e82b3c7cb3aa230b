import { expect, test } from 'vitest';
import { openSession } from '../../../core/backends/onnx/index.js';
import { Graph, greater, program, scalar } from '../../../core/ir/index.js';
import { adamCorrections, adamDefaults, adamStep, globalNorm } from '../../../core/optim/index.js';
import type { AdamSettings } from '../../../core/optim/index.js';
import { hostTensor, sizeOf } from '../../../core/tensor.js';
import type { HostTensor } from '../../../core/tensor.js';

const start = [0.5, -1, 2, 0];
const slopes = [1e-3, -4, 0.5, 1e-7];

/** Three steps on a constant gradient by the graph. */
async function byGraph(settings: AdamSettings, weightDecay: number): Promise<number[]> {
  const graph = new Graph('adam');
  const vector = (name: string) => graph.input(name, 'float32', [4]);
  const scalarInput = (name: string) => graph.input(name, 'float32', []);
  const state = { parameter: vector('p'), m: vector('m'), v: vector('v') };
  const scalars = { lr: scalarInput('lr'), correction1: scalarInput('c1'), correction2: scalarInput('c2') };
  const next = adamStep(state, vector('g'), scalars, settings, { weightDecay });
  const session = await openSession(program(graph, { outputs: { p1: next.parameter, m1: next.m, v1: next.v } }), {
    threads: 1,
  });
  const floats = (values: readonly number[] | Float32Array) => hostTensor('float32', [4], Float32Array.from(values));
  const one = (value: number) => hostTensor('float32', [], Float32Array.of(value));
  let [p, m, v] = [floats(start), floats([0, 0, 0, 0]), floats([0, 0, 0, 0])];
  for (let step = 0; step < 3; step++) {
    const { correction1, correction2 } = adamCorrections(settings, step, 1);
    const out = await session.run({
      p,
      m,
      v,
      g: floats(slopes),
      lr: one(0.01),
      c1: one(correction1[0]!),
      c2: one(correction2[0]!),
    });
    [p, m, v] = [out.p1, out.m1, out.v1];
  }
  await session.release();
  return [...p.data];
}

/** The textbook's loop in double precision. */
function byHand({ beta1, beta2, epsilon, epsilonForm }: AdamSettings, weightDecay: number): number[] {
  return start.map((initial, i) => {
    let [p, m, v] = [initial, 0, 0];
    for (let t = 1; t <= 3; t++) {
      m = beta1 * m + (1 - beta1) * slopes[i]!;
      v = beta2 * v + (1 - beta2) * slopes[i]! ** 2;
      const [mHat, vHat] = [m / (1 - beta1 ** t), v / (1 - beta2 ** t)];
      const outer = epsilonForm === 'torch' ? epsilon : epsilon / Math.sqrt(1 - beta2 ** t);
      p = p * (1 - 0.01 * weightDecay) - (0.01 * mHat) / (Math.sqrt(vHat) + outer);
    }
    return p;
  });
}

test('adamStep agrees with the written-out algorithm in both forms of epsilon, with and without decay', async () => {
  for (const epsilonForm of ['torch', 'tensorflow'] as const) {
    for (const weightDecay of [0, 0.1]) {
      const settings = { ...adamDefaults, epsilon: 1e-5, epsilonForm };
      const [graph, hand] = [await byGraph(settings, weightDecay), byHand(settings, weightDecay)];
      graph.forEach((value, i) => expect(Math.abs(value - hand[i]!)).toBeLessThan(1e-6));
    }
  }
});

test('globalNorm is taken over all gradients, and scales only what is above the limit, of which 0 is none', async () => {
  const graph = new Graph('clip');
  const gradients = [graph.input('a', 'float32', [2]), graph.input('b', 'float32', [1, 1])];
  const [tight, loose, free] = [globalNorm(gradients, 1), globalNorm(gradients, 100), globalNorm(gradients, 0)];
  const { scale: unscaled } = globalNorm(gradients, 0, scalar(graph, 4));
  const session = await openSession(
    program(graph, {
      outputs: { norm: tight.norm, tight: tight.scale!, loose: loose.scale!, freeNorm: free.norm, unscaled: unscaled! },
    }),
    { threads: 1 },
  );
  const out = await session.run({
    a: hostTensor('float32', [2], Float32Array.of(3, 4)),
    b: hostTensor('float32', [1, 1], Float32Array.of(12)),
  });
  await session.release();
  expect(out.norm.data[0]).toBeCloseTo(13, 5);
  expect(out.tight.data[0]).toBeCloseTo(1 / 13, 6);
  expect(out.loose.data[0]).toBe(1);
  expect(out.freeNorm.data[0]).toBe(out.norm.data[0]);
  expect(free.scale).toBeUndefined();
  expect(out.unscaled.data[0]).toBe(1 / 4);
});

// A matrix, blocks of one, and small matrices as one vector.
test.each([[[4096, 2048]], [[6, 395_264]], [[819_200]]])('globalNorm of %j is right to six digits', async (shape) => {
  const graph = new Graph('large');
  const { norm } = globalNorm([graph.input('g', 'float32', shape)], 1);
  const session = await openSession(program(graph, { outputs: { norm } }), { threads: 2 });
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => 1 + ((i * 7919) % 13) / 10);
  const out = await session.run({ g: hostTensor('float32', shape, data) });
  await session.release();
  const exact = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0));
  expect(Math.abs(out.norm.data[0]! / exact - 1)).toBeLessThan(1e-6);
});

const bytes = ({ data }: HostTensor) => Buffer.from(data.buffer);

test.each([true, false])('adamStep leaves its state as it is, bit for bit, unless it applies: %s', async (applies) => {
  const shape = [210, 64];
  const graph = new Graph('applies');
  const matrix = (name: string) => graph.input(name, 'float32', shape);
  const scalarInput = (name: string) => graph.input(name, 'float32', []);
  const state = { parameter: matrix('p'), m: matrix('m'), v: matrix('v') };
  const scalars = { lr: scalarInput('lr'), correction1: scalarInput('c1'), correction2: scalarInput('c2') };
  const gradientScale = scalarInput('scale');
  const options = { weightDecay: 0.1, gradientScale, ...(!applies && { applies: greater(gradientScale, 1) }) };
  const next = adamStep(state, matrix('g'), scalars, adamDefaults, options);
  const outputs = { p1: next.parameter, m1: next.m, v1: next.v, squares: next.squares };
  const floats = (shift: number) => {
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.abs(Math.sin(i + shift)));
    return hostTensor('float32', shape, data);
  };
  const one = (value: number) => hostTensor('float32', [], Float32Array.of(value));
  const feeds = { p: floats(0), m: floats(1), v: floats(2), g: floats(3), scale: one(0.7) };
  if (!applies) feeds.g.data.fill(NaN);
  for (const fused of [true, false]) {
    const session = await openSession(program(graph, { outputs }), { threads: 2, fused });
    const out = await session.run({ ...feeds, lr: one(0.01), c1: one(0.1), c2: one(0.01) });
    for (const [after, before] of [
      [out.p1, feeds.p],
      [out.m1, feeds.m],
      [out.v1, feeds.v],
    ] as const)
      expect(bytes(after).equals(bytes(before))).toBe(!applies);
    const exact = feeds.g.data.reduce((sum, x) => sum + (0.7 * x) ** 2, 0);
    const [squares = 0] = out.squares.data;
    expect(applies ? Math.abs(squares / exact - 1) < 1e-6 : Number.isNaN(squares)).toBe(true);
    await session.release();
  }
});

import { expect, test } from 'vitest';
import { openSession } from '../../../core/backends/onnx/index.js';
import { Graph, program } from '../../../core/ir/index.js';
import { adamCorrections, adamDefaults, adamStep, globalNorm } from '../../../core/optim/index.js';
import type { AdamSettings } from '../../../core/optim/index.js';
import { hostTensor } from '../../../core/tensor.js';

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

test('globalNorm is taken over all gradients, and scales only what is above the limit', async () => {
  const graph = new Graph('clip');
  const gradients = [graph.input('a', 'float32', [2]), graph.input('b', 'float32', [1, 1])];
  const [tight, loose] = [globalNorm(gradients, 1), globalNorm(gradients, 100)];
  const session = await openSession(
    program(graph, { outputs: { norm: tight.norm, tight: tight.scale, loose: loose.scale } }),
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
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import openWabt from 'wabt';
import { adamDefaults } from '../../../core/optim/index.js';
import { adamModule } from '../../../core/optim/adam-kernel.js';
import { AdamMemory, AdamMemoryError } from '../../../core/optim/adam-memory.js';
import type { AdamMemoryOptions } from '../../../core/optim/adam-memory.js';
import { normals } from '../../../core/random/counter.js';

test('the bytes of the kernel are those of its text; where it changed, they are to be replaced by these', async () => {
  const wabt = await openWabt();
  const text = readFileSync(new URL('../../../core/optim/adam.wat', import.meta.url), 'utf8');
  const { buffer } = wabt.parseWat('adam.wat', text, { simd: true }).toBinary({});
  expect(adamModule.toString('base64')).toBe(Buffer.from(buffer).toString('base64'));
});

const tensors = [
  { name: 'matrix', shape: [67, 131], decays: true },
  { name: 'bias', shape: [3], decays: false },
  { name: 'scalar', shape: [], decays: false },
  { name: 'embedding', shape: [256, 64], decays: true },
];

function filled(options: AdamMemoryOptions): AdamMemory {
  const memory = new AdamMemory(tensors, options);
  tensors.forEach(({ name }, i) => {
    const { data } = memory.parameters[name]!;
    data.set(normals({ seed: i, stream: 'p', step: 0 }, data.length));
  });
  return memory;
}

const slopes = (name: string, step: number, count: number) =>
  normals({ seed: step, stream: `g ${name}`, step }, count).map((x, i) => x * 10 ** ((i % 7) - 5));

const learningRate = 0.01;

/** The textbook's loop in double precision (Kingma & Ba 2015; Loshchilov & Hutter 2019; PyTorch's clip_grad_norm_). */
function byHand(options: AdamMemoryOptions, steps: number) {
  const { beta1, beta2, epsilon, epsilonForm, weightDecay = 0, maxNorm } = options;
  const state = Object.entries(filled(options).parameters).map(([name, { data }]) => {
    const zeros = () => new Float64Array(data.length);
    const decays = tensors.some((tensor) => tensor.name === name && tensor.decays);
    return { name, p: Float64Array.from(data), m: zeros(), v: zeros(), decay: decays ? weightDecay : 0 };
  });
  const norms: number[] = [];
  for (let t = 1; t <= steps; t++) {
    const all = state.map(({ name, p }) => slopes(name, t, p.length));
    const norm = Math.sqrt(all.reduce((sum, g) => sum + g.reduce((part, x) => part + x * x, 0), 0));
    const scale = maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1;
    norms.push(norm);
    state.forEach(({ p, m, v, decay }, k) => {
      for (let i = 0; i < p.length; i++) {
        const g = all[k]![i]! * scale;
        m[i] = beta1 * m[i]! + (1 - beta1) * g;
        v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
        const [mHat, vHat] = [m[i]! / (1 - beta1 ** t), v[i]! / (1 - beta2 ** t)];
        const outer = epsilonForm === 'torch' ? epsilon : epsilon / Math.sqrt(1 - beta2 ** t);
        p[i] = p[i]! * (1 - learningRate * decay) - (learningRate * mHat) / (Math.sqrt(vHat) + outer);
      }
    });
  }
  return { norms, params: Object.fromEntries(state.map(({ name, p }) => [name, p])) };
}

describe('AdamMemory', () => {
  test.each([
    { ...adamDefaults, maxNorm: 0 },
    { ...adamDefaults, maxNorm: 0, weightDecay: 0.1 },
    { ...adamDefaults, maxNorm: 1, weightDecay: 0.1, epsilon: 1e-5 },
    { ...adamDefaults, maxNorm: 1e9, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, epsilonForm: 'tensorflow' as const },
    // Too little for two of them together.
    { ...adamDefaults, maxNorm: 1, bankBytes: 4 * 4 * 256 * 64 },
  ])('agrees with the written-out algorithm: %j', (options) => {
    const steps = 5;
    const memory = filled(options);
    const norms = Array.from({ length: steps }, (_, step) => {
      for (const [name, { data }] of Object.entries(memory.gradients)) data.set(slopes(name, step + 1, data.length));
      return memory.step(learningRate, step);
    });
    const hand = byHand(options, steps);
    norms.forEach((norm, i) => expect(norm / hand.norms[i]!).toBeCloseTo(1, 6));
    for (const [name, { data }] of Object.entries(memory.parameters))
      data.forEach((x, i) => expect(Math.abs(x - hand.params[name]![i]!)).toBeLessThan(2e-6));
  });

  test('tells a norm of millions of equal elements to six digits', () => {
    const count = 3_000_001;
    const memory = new AdamMemory([{ name: 'g', shape: [count], decays: false }], { ...adamDefaults, maxNorm: 0 });
    memory.gradients['g']!.data.fill(0.1);
    expect(memory.step(0, 0) / (Math.fround(0.1) * Math.sqrt(count))).toBeCloseTo(1, 6);
  });

  test('says that there is not enough memory, and for what', () => {
    const huge = [{ name: 'wte', shape: [2 ** 15, 2 ** 14], decays: true }];
    expect(() => new AdamMemory(huge, { ...adamDefaults, maxNorm: 0 })).toThrow(AdamMemoryError);
    expect(() => new AdamMemory(huge, { ...adamDefaults, maxNorm: 0 })).toThrow(
      "training: expected 8.0 GiB for parameters, moments and gradients, got one tensor, 'wte', beyond 4 GiB",
    );
  });
});

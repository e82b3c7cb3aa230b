import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSession } from '../../../core/backends/index.js';
import { gather, Graph, loop, program } from '../../../core/ir/index.js';
import { isFinite, lossScaleDefaults, nextLossScale } from '../../../core/optim/index.js';
import type { LossScaleSettings } from '../../../core/optim/index.js';
import { hostTensor } from '../../../core/tensor.js';

interface ScalerCase {
  readonly initial: number;
  readonly growthInterval: number;
  readonly finite: readonly boolean[];
  readonly states: readonly (readonly [scale: number, streak: number])[];
}

const torch: { readonly scaler: ScalerCase } = JSON.parse(
  readFileSync(new URL('../train/mixed-precision/torch.json', import.meta.url), 'utf8'),
);

/** Scale and streak after each step; a step's norm tells whether its gradients were finite. */
async function scales(norms: readonly number[], settings: LossScaleSettings): Promise<[number, number][]> {
  const graph = new Graph('scales');
  const given = graph.input('norms', 'float32', [norms.length]);
  const start = { scale: graph.input('scale', 'float32', []), streak: graph.input('streak', 'float32', []) };
  const { scans } = loop(graph, {
    trip: norms.length,
    carried: start,
    body: (step, before) => {
      const next = { ...nextLossScale(before, isFinite(gather(given, step)), settings) };
      return { carried: next, scans: next };
    },
  });
  const session = await openSession(program(graph, { outputs: scans }), { threads: 1 });
  const number = (value: number) => hostTensor('float32', [], Float32Array.of(value));
  const { scale, streak } = await session.run({
    norms: hostTensor('float32', [norms.length], Float32Array.from(norms)),
    scale: number(settings.initial),
    streak: number(0),
  });
  await session.release();
  return norms.map((_, i) => [Number(scale.data[i]), Number(streak.data[i])]);
}

test("nextLossScale follows PyTorch's GradScaler", async () => {
  const { initial, growthInterval, finite, states } = torch.scaler;
  const norms = finite.map((one, i) => (one ? 3e38 * (i % 2) : i % 2 === 0 ? NaN : Infinity));
  expect(await scales(norms, { ...lossScaleDefaults, initial, growthInterval })).toEqual(states);
});

test('nextLossScale grows no further than its bound', async () => {
  const settings = { ...lossScaleDefaults, initial: 2 ** 23, growthInterval: 1 };
  expect((await scales([1, 1, 1], settings)).map(([scale]) => scale)).toEqual([2 ** 24, 2 ** 24, 2 ** 24]);
});

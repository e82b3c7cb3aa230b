import { describe, expect, test } from 'vitest';
import { initialGpt2, parseGpt2Config } from '../../../core/nn/index.js';
import { adamDefaults } from '../../../core/optim/index.js';
import { normals } from '../../../core/random/counter.js';
import { zeroMoments } from '../../../core/rl/policy-updater.js';
import { openGraphUpdater } from '../../../core/rl/updater-in-graph.js';
import { openMemoryUpdater } from '../../../core/rl/updater-in-memory.js';
import type { Minibatch, PolicyUpdaterOptions } from '../../../core/rl/updater-types.js';
import { hostTensor } from '../../../core/tensor.js';

const [rows, queryTokens, responseTokens, width] = [3, 2, 4, 8];
const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 1024,
  n_positions: 16,
  n_embd: width,
  n_layer: 2,
  n_head: 2,
});
const policy = {
  ...initialGpt2(config, 1),
  value_weight: hostTensor('float32', [width], normals({ seed: 2, stream: 'value', step: 0 }, width)),
  value_bias: hostTensor('float32', [], new Float32Array(1)),
};
const options: PolicyUpdaterOptions = {
  queryTokens,
  responseTokens,
  padded: true,
  minibatchSize: rows,
  steps: 2,
  seed: 5,
  adam: { ...adamDefaults, epsilon: 1e-3 },
  maxGradNorm: 0,
  valueDropout: 0,
  valueActivation: 'tanh',
  logProbTemperature: 0.7,
  clip: 0.2,
  valueClip: 0.2,
  valueCoefficient: 0.1,
};

function minibatch(step: number): Minibatch {
  const drawn = (stream: string) => normals({ seed: 1, stream, step }, rows * responseTokens);
  const count = rows * (queryTokens + responseTokens);
  return {
    tokens: Int32Array.from({ length: count }, (_, i) => (37 * (i + step)) % 1024),
    mask: Int32Array.from({ length: count }, (_, i) => (i === 0 ? 0 : 1)),
    oldLogProbs: drawn('old').map((x) => x / 10 - 7),
    oldValues: drawn('values'),
    advantages: drawn('advantages'),
    returns: drawn('returns'),
  };
}

/** Two runs of two steps. */
async function learned(open: typeof openMemoryUpdater, given: PolicyUpdaterOptions) {
  const updater = await open(config, given, { threads: 1 });
  updater.load({ step: 0, params: policy, m: zeroMoments(policy), v: zeroMoments(policy) });
  const first = await updater.update([minibatch(0), minibatch(1)], 0.01);
  const between = await updater.params();
  const kept = structuredClone(between);
  const second = await updater.update([minibatch(2), minibatch(3)], 0.01);
  expect(between).toEqual(kept);
  const end = { params: await updater.params(), ...(await updater.moments()) };
  await updater.release();
  return { reports: [first, second], end };
}

describe('openMemoryUpdater', () => {
  test.each([{}, { maxGradNorm: 0.1 }, { valueDropout: 0.3, maxGradNorm: 1 }])(
    'learns and reports what openGraphUpdater does, with %j',
    async (given) => {
      const settings = { ...options, ...given };
      const [memory, graph] = [await learned(openMemoryUpdater, settings), await learned(openGraphUpdater, settings)];
      memory.reports.forEach((report, run) => {
        const wanted = graph.reports[run]!;
        expect(Object.keys(report).toSorted()).toEqual(Object.keys(wanted).toSorted());
        for (const name of Object.keys(wanted) as (keyof typeof wanted)[]) {
          expect(report[name].length).toBe(wanted[name].length);
          report[name].forEach((value, i) => expect(value).toBeCloseTo(wanted[name][i]!, 3));
        }
      });
      for (const part of ['params', 'm', 'v'] as const) {
        expect(Object.keys(memory.end[part])).toEqual(Object.keys(graph.end[part]));
        for (const [name, { shape, data }] of Object.entries(memory.end[part])) {
          const wanted = graph.end[part][name]!;
          expect(shape).toEqual(wanted.shape);
          expect(data.findIndex((value, i) => Math.abs(value - wanted.data[i]!) > 2e-5)).toBe(-1);
        }
      }
    },
  );
});

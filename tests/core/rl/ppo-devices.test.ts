import { describe, expect, test } from 'vitest';
import { initialGpt2 } from '../../../core/nn/gpt2-parameters.js';
import { parseGpt2Config } from '../../../core/nn/index.js';
import type { Device } from '../../../core/backends/index.js';
import { defaultPpoSettings, trainPpo } from '../../../core/rl/index.js';
import type { PpoState } from '../../../core/rl/index.js';

const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 12,
  n_positions: 8,
  n_embd: 8,
  n_layer: 1,
  n_head: 2,
});
const policy = initialGpt2(config, 11);

/** Two batches, the second resumed from the first's checkpoint when asked. */
async function runOn(device: Device, resumeFrom?: PpoState) {
  const states: PpoState[] = [];
  const result = await trainPpo({
    config,
    policy,
    reference: policy,
    queries: [[1, 2], [3], [4, 5]],
    settings: {
      ...defaultPpoSettings,
      device,
      episodes: 8,
      batchSize: 4,
      minibatchSize: 2,
      responseTokens: 3,
      ppoEpochs: 2,
      learningRate: 1e-3,
      rolloutRows: 4,
    },
    score: async (responses) => Float32Array.from(responses, (response) => response.filter((id) => id === 5).length),
    hooks: { checkpoint: async (state) => void states.push(structuredClone(state)) },
    ...(resumeFrom && { resumeFrom }),
  });
  return { result, states };
}

// WebGPU's software driver would take minutes for it.
describe.each(['tfjs:wasm'] as const)('trainPpo on %s', (device) => {
  // TensorFlow.js takes shorter series for exp and tanh than onnxruntime.
  test('gives the figures and moments of the CPU within 1e-3', async () => {
    const [expected, found] = [await runOn('cpu'), await runOn(device)];
    found.result.curve.forEach((entry, batch) => {
      const wanted = expected.result.curve[batch]!;
      for (const name of ['kl', 'policyLoss', 'valueLoss', 'rewardMean'] as const)
        expect(entry[name]).toBeCloseTo(wanted[name], 3);
    });
    for (const part of ['params', 'm', 'v'] as const) {
      for (const [name, { data }] of Object.entries(found.states[0]![part])) {
        const wanted = expected.states[0]![part][name]!.data;
        data.forEach((value, i) => expect(Math.abs(value - wanted[i]!), `${part} ${name}`).toBeLessThan(1e-3));
      }
    }
  });

  test('goes on from a checkpoint as if it had not stopped', async () => {
    const whole = await runOn(device);
    const resumed = await runOn(device, whole.states[0]);
    expect(resumed.states.at(-1)).toEqual(whole.states.at(-1));
  });
});

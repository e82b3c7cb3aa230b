import { describe, expect, test } from 'vitest';
import { initialGpt2, parseGpt2Config } from '../../../core/nn/index.js';
import { adamDefaults } from '../../../core/optim/index.js';
import { languageModelBatch, languageModelObjective } from '../../../core/train/language-model.js';
import { GraphSteps } from '../../../core/train/steps-in-graph.js';
import { MemorySteps } from '../../../core/train/steps-in-memory.js';
import type { Stepper, TrainingSessionSettings, TrainingStart } from '../../../core/train/steps.js';

// A width at which rows are spaced, and dropout.
const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 1024,
  n_inner: 1024,
  n_positions: 16,
  n_embd: 8,
  n_layer: 2,
  n_head: 2,
  embd_pdrop: 0.1,
  resid_pdrop: 0.1,
  attn_pdrop: 0.1,
});
const objective = languageModelObjective(config);
const short = languageModelBatch(
  [
    [1, 900, 3, 1023],
    [5, 6, 7],
    [8, 9],
    [4, 4, 4, 4],
  ],
  4,
  4,
);
const long = languageModelBatch(
  [
    [1, 2, 3, 4, 5, 6, 7, 8],
    [5, 6, 7],
    [8, 9],
    [10, 11, 12, 13, 14],
  ],
  4,
  8,
);
const base: TrainingSessionSettings = {
  threads: 1,
  batchSize: 4,
  schedule: { peakLr: 0.01, warmupSteps: 1, totalSteps: 10 },
  adam: { ...adamDefaults, epsilon: 1e-3 },
  weightDecay: 0.1,
  clipNorm: 0,
};

type Kind = new (...given: ConstructorParameters<typeof MemorySteps>) => Stepper;

async function stateOf(steps: Stepper): Promise<Required<Pick<TrainingStart, 'params' | 'm' | 'v'>>> {
  return { params: await steps.part('parameter'), m: await steps.part('m'), v: await steps.part('v') };
}

/** Three steps on short texts and two on longer ones. */
async function taken(Steps: Kind, settings: TrainingSessionSettings) {
  const steps = new Steps(objective, settings, { params: initialGpt2(config, 1) });
  const outcomes = [await steps.run([short, short, short], 4, 0), await steps.run([long, long], 8, 3)];
  const state = await stateOf(steps);
  await steps.release();
  return { outcomes, state };
}

describe('MemorySteps', () => {
  test.each([
    {},
    { clipNorm: 0.5 },
    { clipNorm: 1, dropout: { seed: 3 } },
    { accumulationSteps: 2, recompute: true, dropout: { seed: 3 } },
  ])('learns what GraphSteps learns, with %j', async (given) => {
    const settings = { ...base, ...given };
    const [memory, graph] = [await taken(MemorySteps, settings), await taken(GraphSteps, settings)];
    memory.outcomes.forEach((outcome, run) => {
      const wanted = graph.outcomes[run]!;
      for (const name of ['losses', 'gradientNorms', 'lrs', 'applied'] as const)
        outcome[name].forEach((value, i) => expect(value).toBeCloseTo(wanted[name][i]!, 4));
    });
    for (const part of ['params', 'm', 'v'] as const) {
      expect(Object.keys(memory.state[part])).toEqual(Object.keys(graph.state[part]));
      for (const [name, { shape, data }] of Object.entries(memory.state[part])) {
        const wanted = graph.state[part][name]!;
        expect(shape).toEqual(wanted.shape);
        expect(data.findIndex((value, i) => Math.abs(value - wanted.data[i]!) > 2e-5)).toBe(-1);
      }
    }
  });

  test('hands out a state that later steps do not change, and that leads on to the same bits', async () => {
    const settings = { ...base, clipNorm: 1, dropout: { seed: 1 } };
    const first = new MemorySteps(objective, settings, { params: initialGpt2(config, 1) });
    await first.run([short, short], 4, 0);
    const state = await stateOf(first);
    const copy = structuredClone(state);
    const wanted = await first.run([short], 4, 2);
    const end = await stateOf(first);
    expect(state).toEqual(copy);
    await first.release();
    const second = new MemorySteps(objective, settings, state);
    expect(await second.run([short], 4, 2)).toEqual(wanted);
    expect(await stateOf(second)).toEqual(end);
    expect(state).toEqual(copy);
    await second.release();
  });
});

import { expect, test } from 'vitest';
import { initialGpt2, parseGpt2Config, shapesOf } from '../../../core/nn/index.js';
import { gpt2ParameterSpecs } from '../../../core/nn/gpt2-parameters.js';
import { adamDefaults } from '../../../core/optim/index.js';
import { languageModelBatch, languageModelObjective } from '../../../core/train/language-model.js';
import { TrainingSession } from '../../../core/train/training-session.js';

const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 1024,
  n_inner: 1024,
  n_positions: 8,
  n_embd: 8,
  n_layer: 1,
  n_head: 2,
});

test('languageModelObjective learns in spaced rows what it learns without them', async () => {
  const plainShapes = shapesOf(gpt2ParameterSpecs(config));
  const spaced = languageModelObjective(config);
  expect(spaced.heldShapes['transformer.wte.weight']).toEqual([1040, 8]);
  expect(spaced.heldShapes['transformer.h.0.mlp.c_fc.weight']).toEqual([8, 1040]);
  const [a, b] = [await learned(spaced), await learned({ ...spaced, heldShapes: plainShapes })];
  a.losses.forEach((loss, step) => expect(loss).toBeCloseTo(b.losses[step]!, 5));
  for (const [name, { shape, data }] of Object.entries(a.params)) {
    expect(shape).toEqual(plainShapes[name]);
    const other = b.params[name]!.data;
    expect(data.findIndex((value, i) => Math.abs(value - other[i]!) > 2e-5)).toBe(-1);
  }
});

/** Three steps at a rate of 0.01 on the same two texts. */
async function learned(objective: ReturnType<typeof languageModelObjective>) {
  const session = new TrainingSession(
    objective,
    {
      threads: 1,
      batchSize: 2,
      schedule: { peakLr: 0.01, warmupSteps: 0, totalSteps: 10 },
      adam: { ...adamDefaults, epsilon: 1e-3 },
      weightDecay: 0.1,
      clipNorm: 1,
    },
    { params: initialGpt2(config, 1) },
  );
  const batch = languageModelBatch(
    [
      [1, 900, 3, 1023],
      [5, 6, 7],
    ],
    2,
    4,
  );
  const { losses } = await session.run([batch, batch, batch], 4, 0);
  const params = await session.params();
  await session.release();
  return { losses, params };
}

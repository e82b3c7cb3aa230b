/** One AdamW step of a GPT-2 on a [B, T] batch, K steps a run, the state carried from run to run. */

import { gpt2ParameterSpecs } from '../../core/nn/index.js';
import { adamDefaults } from '../../core/optim/index.js';
import { languageModelBatch, languageModelObjective } from '../../core/train/language-model.js';
import { TrainingSession } from '../../core/train/training-session.js';
import { blockFlops, gpt2Of, headFlops } from './shapes.js';
import { randomTokens, randomWeights } from './work.js';
import type { MakeWork } from './work.js';

export const trainWork: MakeWork = async (shape, runtime) => {
  const { batchSize, tokens, stepsPerRun, vocabSize, accumulationSteps = 1, recompute = false, precision } = shape;
  const config = gpt2Of(shape);
  const session = new TrainingSession(
    languageModelObjective(config),
    {
      ...runtime,
      batchSize,
      accumulationSteps,
      recompute,
      ...(precision && { precision }),
      schedule: { peakLr: 1e-4, warmupSteps: 0, totalSteps: 1e9 },
      adam: adamDefaults,
      weightDecay: 0.01,
      clipNorm: 0,
    },
    { params: randomWeights(gpt2ParameterSpecs(config)) },
  );
  const batch = languageModelBatch(randomTokens(vocabSize, batchSize, tokens), batchSize, tokens);
  const batches = Array.from({ length: stepsPerRun }, () => batch);
  let steps = 0;
  return {
    repeat: async (times, lap) => {
      for (let i = 0; i < times; i++, steps += stepsPerRun) {
        await session.run(batches, tokens, steps);
        lap(stepsPerRun);
      }
    },
    unit: 'tokens',
    count: batchSize * tokens,
    // Forward, and twice that backward.
    flops: 3 * batchSize * tokens * (blockFlops(shape, tokens) + headFlops(shape)),
    release: () => session.release(),
  };
};

/** 30 tokens for each of 60 prompts of 6 tokens, drawn by top-k and top-p. */

import { createFixedSampler } from '../../core/generate/index.js';
import { gpt2ParameterSpecs } from '../../core/nn/index.js';
import { uniforms } from '../../core/random/counter.js';
import { blockFlops, gpt2Of, headFlops } from './shapes.js';
import { randomTokens, randomWeights } from './work.js';
import type { MakeWork } from './work.js';

const batch = 60;
const promptTokens = 6;
const newTokens = 30;

export const generateWork: MakeWork = async (shape, runtime) => {
  const config = gpt2Of(shape);
  const params = randomWeights(gpt2ParameterSpecs(config));
  const prompts = randomTokens(shape.vocabSize, batch, promptTokens);
  const settings = { ...runtime, batch, promptTokens, newTokens, topK: 50, topP: 0.95 };
  const sampler = await createFixedSampler(config, params, settings);
  return {
    repeat: async (times, lap) => {
      for (let step = 0; step < times; step++) {
        await sampler.sample(prompts, uniforms({ seed: 0, stream: 'bench', step }, batch * newTokens));
        lap(1);
      }
    },
    unit: 'tokens',
    count: batch * newTokens,
    flops:
      batch * (promptTokens + newTokens - 1) * blockFlops(shape, (promptTokens + newTokens) / 2) +
      batch * newTokens * headFlops(shape),
    release: () => sampler.release(),
  };
};

/** One PPO batch: 128 episodes of 6 + 15 tokens rolled out, read by policy and reference, learned from 4 times in 16s. */

import { gpt2ParameterSpecs } from '../../core/nn/index.js';
import { normals } from '../../core/random/counter.js';
import { defaultPpoSettings, trainPpo } from '../../core/rl/index.js';
import { blockFlops, gpt2Of, headFlops } from './shapes.js';
import { randomTokens, randomWeights } from './work.js';
import type { MakeWork } from './work.js';

const batchSize = 128;
const queryTokens = 6;
const responseTokens = 15;
const ppoEpochs = 4;

export const ppoWork: MakeWork = async (shape, runtime) => {
  const config = gpt2Of(shape);
  const policy = randomWeights(gpt2ParameterSpecs(config));
  const queries = randomTokens(shape.vocabSize, batchSize, queryTokens);
  const settings = {
    ...defaultPpoSettings,
    ...runtime,
    profile: 'trl-0.11',
    klController: { kind: 'fixed', coefficient: 0.2 },
    minibatchSize: 16,
    batchSize,
    responseTokens,
    ppoEpochs,
  } as const;
  const fedTokens = batchSize * (queryTokens + responseTokens - 1);
  const forward =
    fedTokens * blockFlops(shape, queryTokens + responseTokens) + batchSize * responseTokens * headFlops(shape);
  return {
    repeat: async (times, lap) => {
      await trainPpo({
        config,
        policy,
        reference: policy,
        queries,
        settings: { ...settings, episodes: times * batchSize },
        score: (responses) => Promise.resolve(normals({ seed: 0, stream: 'bench/score', step: 0 }, responses.length)),
        // At a batch's end, before anything is copied for a checkpoint: the other side keeps none.
        hooks: { timing: { clock: () => performance.now() / 1000, record: () => lap(1) } },
      });
    },
    unit: 'episodes',
    count: batchSize,
    // Rolling out, reading twice, and learning at three forward passes each.
    flops: forward * (3 + 3 * ppoEpochs),
    release: () => Promise.resolve(),
  };
};

/** Class scores of 64 texts of 48 tokens by a BERT classifier. */

import { bertParameterSpecs } from '../../core/nn/index.js';
import { ClassifierScorer } from '../../core/train/index.js';
import { bertOf, blockFlops, lastBlockFlops } from './shapes.js';
import { randomTokens, randomWeights } from './work.js';
import type { MakeWork } from './work.js';

const batchSize = 64;
const maxTokens = 48;

export const scoreWork: MakeWork = async (shape, runtime) => {
  const config = bertOf(shape);
  const params = randomWeights(bertParameterSpecs(config));
  const texts = randomTokens(shape.vocabSize, batchSize, maxTokens);
  const scorer = new ClassifierScorer(config, { ...runtime, batchSize, maxTokens });
  return {
    repeat: async (times, lap) => {
      for (let i = 0; i < times; i++) {
        await scorer.logits(params, texts);
        lap(1);
      }
    },
    unit: 'texts',
    count: batchSize,
    // Of the last block's results only those of each text's first token are wanted.
    flops:
      batchSize * maxTokens * blockFlops(shape, maxTokens) -
      batchSize * (maxTokens - 1) * lastBlockFlops(shape, maxTokens),
    release: () => scorer.release(),
  };
};

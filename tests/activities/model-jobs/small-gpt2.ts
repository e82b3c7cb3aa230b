/** The shape of a GPT-2 that fits a small tokenizer. */

import { parseGpt2Config, type Gpt2Config } from '../../../core/nn/index.js';

export function smallGpt2(vocabularySize: number): Gpt2Config {
  return parseGpt2Config({
    model_type: 'gpt2',
    vocab_size: vocabularySize,
    n_positions: 64,
    n_embd: 8,
    n_layer: 1,
    n_head: 2,
  });
}

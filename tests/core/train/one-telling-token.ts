/** Texts of two classes told apart by one token, and a BERT small enough to learn it at once. */

import { parseBertConfig } from '../../../core/nn/index.js';
import { RandomSequence } from '../../../core/random/counter.js';

export const config = parseBertConfig({
  model_type: 'bert',
  vocab_size: 30,
  max_position_embeddings: 32,
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 32,
  initializer_range: 0.1,
});

const draw = new RandomSequence({ seed: 1, stream: 'texts', step: 0 });
// Class 1 holds the token 7, class 0 does not.
export const labels = Array.from({ length: 400 }, (_, i) => i % 2);
export const texts = labels.map((label) => {
  const body = Array.from({ length: 4 + draw.integer(14) }, () => 10 + draw.integer(20));
  if (label === 1) body[draw.integer(body.length)] = 7;
  return [1, ...body, 2];
});

import { expect, test } from 'vitest';
import { initialGpt2, parseGpt2Config } from '../../../core/nn/index.js';
import { bitsPerByte } from '../../../core/train/bits-per-byte.js';
import { perplexity } from '../../../core/train/index.js';

const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 64,
  n_positions: 16,
  n_embd: 8,
  n_layer: 1,
  n_head: 2,
});
const params = initialGpt2(config, 1);
const settings = { maxTokens: 16, batchSize: 2, threads: 1 };

test('bitsPerByte of a model to which all tokens are alike is log2 of their number, by tokens a byte', async () => {
  const zero = structuredClone(params);
  zero['transformer.wte.weight']!.data.fill(0);
  const texts = [
    { tokens: [0, 5, 9, 3], sizeBytes: 7 },
    { tokens: [0, 1], sizeBytes: 2 },
  ];
  expect(await bitsPerByte(config, zero, texts, settings)).toBeCloseTo((4 * 6) / 9, 5);
});

test('bitsPerByte is log2 of the perplexity where every token is one byte', async () => {
  const tokens = [3, 14, 15, 9, 26, 5];
  const expected = Math.log2(await perplexity(config, params, [tokens], settings));
  expect(await bitsPerByte(config, params, [{ tokens, sizeBytes: 5 }], settings)).toBeCloseTo(expected, 6);
});

test('bitsPerByte refuses to divide by nothing', async () => {
  await expect(bitsPerByte(config, params, [], settings)).rejects.toThrow('at least one byte');
});

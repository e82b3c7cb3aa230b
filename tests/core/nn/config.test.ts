import { expect, test } from 'vitest';
import {
  bertConfigJson,
  bertParameters,
  gpt2ConfigJson,
  gpt2Parameters,
  initialBert,
  initialGpt2,
  ModelConfigError,
  ParameterError,
  parseBertConfig,
  parseGpt2Config,
} from '../../../core/nn/index.js';
import { hostTensor } from '../../../core/tensor.js';

const gpt2 = {
  model_type: 'gpt2',
  vocab_size: 10,
  n_positions: 8,
  n_embd: 8,
  n_layer: 2,
  n_head: 2,
  n_inner: null,
  bos_token_id: 1,
  eos_token_id: 1,
};
const bert = {
  model_type: 'bert',
  vocab_size: 10,
  max_position_embeddings: 8,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 16,
};

test('parseGpt2Config reads what gpt2ConfigJson writes', () => {
  const config = parseGpt2Config(gpt2);
  expect(config.innerWidth).toBe(32);
  expect(parseGpt2Config(gpt2ConfigJson(config))).toEqual(config);
});

test('parseBertConfig reads what bertConfigJson writes', () => {
  const config = parseBertConfig({ ...bert, id2label: { 0: 'a', 1: 'b', 2: 'c' } });
  expect(config.numLabels).toBe(3);
  expect(parseBertConfig(bertConfigJson(config, ['a', 'b', 'c']))).toEqual(config);
});

test('parseGpt2Config names the field that is wrong', () => {
  expect(() => parseGpt2Config({ ...gpt2, n_head: 3 })).toThrow(ModelConfigError);
  expect(() => parseGpt2Config({ ...gpt2, n_head: 3 })).toThrow(/n_head: expected a divisor of n_embd 8, got 3/);
  expect(() => parseGpt2Config({ ...gpt2, vocab_size: 'many' })).toThrow(
    /vocab_size: expected a positive whole number, got "many"/,
  );
  expect(() => parseGpt2Config({ ...gpt2, eos_token_id: 10 })).toThrow(/eos_token_id: expected a token below 10/);
  expect(() => parseGpt2Config({ ...gpt2, activation_function: 'relu' })).toThrow(/activation_function/);
  expect(() => parseGpt2Config(bert)).toThrow(/model_type/);
  expect(() => parseGpt2Config([])).toThrow(/an object/);
});

test('gpt2Parameters takes names with and without the prefix, leaves out buffers, and names what is missing', () => {
  const config = parseGpt2Config(gpt2);
  const params = initialGpt2(config, 3);
  const bare = Object.fromEntries(
    Object.entries(params).map(([name, tensor]) => [name.replace('transformer.', ''), tensor]),
  );
  const buffers = {
    'h.0.attn.bias': hostTensor('bool', [1], Uint8Array.of(1)),
    'lm_head.weight': params['transformer.wte.weight']!,
  };
  expect(gpt2Parameters(config, { ...bare, ...buffers })).toEqual(params);
  const { 'h.1.ln_2.bias': _, ...missing } = bare;
  expect(() => gpt2Parameters(config, missing)).toThrow(ParameterError);
  expect(() => gpt2Parameters(config, missing)).toThrow(
    /transformer\.h\.1\.ln_2\.bias: expected float32 \[8\], got nothing/,
  );
  expect(() => gpt2Parameters({ ...config, vocabSize: 11 }, bare)).toThrow(
    /wte\.weight: expected float32 \[11, 8\], got float32 \[10, 8\]/,
  );
});

test('gpt2Parameters takes the tied head for the embedding where a file keeps that name alone', () => {
  const config = parseGpt2Config(gpt2);
  const params = initialGpt2(config, 3);
  const { 'transformer.wte.weight': embedding, ...others } = params;
  const headOnly = { 'lm_head.weight': embedding!, ...others };
  expect(gpt2Parameters(config, headOnly)).toEqual(params);
  expect(() => gpt2Parameters({ ...config, vocabSize: 11 }, headOnly)).toThrow(
    /transformer\.wte\.weight: expected float32 \[11, 8\], got float32 \[10, 8\] named lm_head\.weight/,
  );
  expect(() => gpt2Parameters(config, others)).toThrow(/transformer\.wte\.weight: .*got nothing/);
});

test('gpt2Parameters refuses a head with values of its own, which versions of Transformers read differently', () => {
  const config = parseGpt2Config(gpt2);
  const { 'transformer.wte.weight': embedding, ...others } = initialGpt2(config, 3);
  const head = hostTensor('float32', [10, 8], new Float32Array(80));
  for (const name of ['wte.weight', 'transformer.wte.weight']) {
    const tied = { ...others, [name]: embedding!, 'lm_head.weight': { ...embedding!, data: embedding!.data.slice() } };
    expect(Object.keys(gpt2Parameters(config, tied))).toHaveLength(Object.keys(others).length + 1);
    expect(() => gpt2Parameters(config, { ...tied, 'lm_head.weight': head })).toThrow(
      /lm_head\.weight: expected the values of transformer\.wte\.weight/,
    );
  }
});

test('initialGpt2 scales the projections into the residual stream', () => {
  const config = parseGpt2Config({ ...gpt2, n_embd: 64, n_layer: 8, vocab_size: 100 });
  const params = initialGpt2(config, 1);
  const deviation = (name: string) =>
    Math.sqrt(params[name]!.data.reduce((sum, x) => sum + x * x, 0) / params[name]!.data.length);
  expect(deviation('transformer.wte.weight')).toBeCloseTo(0.02, 3);
  expect(deviation('transformer.h.3.mlp.c_proj.weight')).toBeCloseTo(0.02 / 4, 4);
});

test('bertParameters starts a classifier on a bare encoder', () => {
  const config = parseBertConfig(bert);
  const params = initialBert(config, 1);
  const encoder = Object.fromEntries(
    Object.entries(params)
      .filter(([name]) => name.startsWith('bert.'))
      .map(([name, tensor]) => [name.slice(5).replace('LayerNorm.weight', 'LayerNorm.gamma'), tensor]),
  );
  expect(bertParameters(config, encoder, 1)).toEqual(params);
  expect(() => bertParameters(config, encoder)).toThrow(/classifier/);
});

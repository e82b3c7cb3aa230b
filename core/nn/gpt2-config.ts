/** The shape of a GPT-2 model, read from and written to a Hugging Face `config.json`. Knows no weights. */

import { ConfigReader, ModelConfigError } from './config-reader.js';

export const gpt2Activations = ['gelu_new', 'gelu'] as const;

export interface Gpt2Config {
  readonly vocabSize: number; // V
  readonly numPositions: number;
  readonly width: number; // C
  readonly numLayers: number; // L
  readonly numHeads: number; // H
  /** Width of the hidden layer of each MLP; 4 C unless the configuration says otherwise. */
  readonly innerWidth: number;
  readonly activation: (typeof gpt2Activations)[number];
  readonly layerNormEpsilon: number;
  readonly initializerRange: number;
  readonly embeddingDropout: number;
  readonly attentionDropout: number;
  readonly residualDropout: number;
  readonly bosTokenId?: number;
  readonly eosTokenId?: number;
  readonly padTokenId?: number;
}

/**
 * Reads a parsed `config.json` of a GPT-2 model.
 * @throws ModelConfigError naming the field that is missing, wrong or unsupported.
 */
export function parseGpt2Config(json: unknown): Gpt2Config {
  const read = new ConfigReader(json);
  read.require('model_type', 'gpt2');
  read.require('tie_word_embeddings', true);
  read.require('scale_attn_weights', true);
  read.require('scale_attn_by_inverse_layer_idx', false);
  read.require('add_cross_attention', false);
  const vocabSize = read.count('vocab_size');
  const width = read.count('n_embd');
  const numHeads = read.count('n_head');
  if (width % numHeads !== 0) throw new ModelConfigError('n_head', `a divisor of n_embd ${width}`, `${numHeads}`);
  return {
    vocabSize,
    numPositions: read.count('n_positions'),
    width,
    numLayers: read.count('n_layer'),
    numHeads,
    innerWidth: read.count('n_inner', 4 * width),
    activation: read.choice('activation_function', gpt2Activations, 'gelu_new'),
    layerNormEpsilon: read.number('layer_norm_epsilon', 1e-5, 0, 1),
    initializerRange: read.number('initializer_range', 0.02, 0, 10),
    embeddingDropout: read.number('embd_pdrop', 0.1, 0, 1),
    attentionDropout: read.number('attn_pdrop', 0.1, 0, 1),
    residualDropout: read.number('resid_pdrop', 0.1, 0, 1),
    ...tokenIds(read, vocabSize),
  };
}

function tokenIds(read: ConfigReader, vocabSize: number): Pick<Gpt2Config, 'bosTokenId' | 'eosTokenId' | 'padTokenId'> {
  const bosTokenId = read.tokenId('bos_token_id', vocabSize);
  const eosTokenId = read.tokenId('eos_token_id', vocabSize);
  const padTokenId = read.tokenId('pad_token_id', vocabSize);
  return {
    ...(bosTokenId === undefined ? {} : { bosTokenId }),
    ...(eosTokenId === undefined ? {} : { eosTokenId }),
    ...(padTokenId === undefined ? {} : { padTokenId }),
  };
}

/** The `config.json` fields that Transformers needs to load the model again. */
export function gpt2ConfigJson(config: Gpt2Config): Record<string, unknown> {
  return {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    activation_function: config.activation,
    attn_pdrop: config.attentionDropout,
    bos_token_id: config.bosTokenId ?? null,
    embd_pdrop: config.embeddingDropout,
    eos_token_id: config.eosTokenId ?? null,
    initializer_range: config.initializerRange,
    layer_norm_epsilon: config.layerNormEpsilon,
    n_embd: config.width,
    n_head: config.numHeads,
    n_inner: config.innerWidth,
    n_layer: config.numLayers,
    n_positions: config.numPositions,
    pad_token_id: config.padTokenId ?? null,
    resid_pdrop: config.residualDropout,
    tie_word_embeddings: true,
    torch_dtype: 'float32',
    vocab_size: config.vocabSize,
  };
}

/** The shape of a BERT classifier, read from and written to a Hugging Face `config.json`. Knows no weights. */

import { ConfigReader, ModelConfigError } from './config-reader.js';

export interface BertConfig {
  readonly vocabSize: number; // V
  readonly numPositions: number;
  readonly numTokenTypes: number;
  readonly width: number; // C
  readonly numLayers: number; // L
  readonly numHeads: number; // H
  readonly innerWidth: number;
  readonly numLabels: number;
  readonly layerNormEpsilon: number;
  readonly initializerRange: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  readonly padTokenId: number;
}

/** What has to be said of a classifier that is not read from a file. */
export type BertShape = Pick<
  BertConfig,
  'vocabSize' | 'numPositions' | 'width' | 'numLayers' | 'numHeads' | 'padTokenId'
>;

/** A classifier of two labels in BERT's proportions, without dropout. */
export function bertConfigOf(shape: BertShape): BertConfig {
  return {
    ...shape,
    numTokenTypes: 2,
    innerWidth: 4 * shape.width,
    numLabels: 2,
    layerNormEpsilon: 1e-12,
    initializerRange: 0.02,
    hiddenDropout: 0,
    attentionDropout: 0,
  };
}

/**
 * Reads a parsed `config.json` of a BERT sequence classifier. Labels are counted from `id2label`, 2 when it is absent.
 * @throws ModelConfigError naming the field that is missing, wrong or unsupported.
 */
export function parseBertConfig(json: unknown): BertConfig {
  const read = new ConfigReader(json);
  read.require('model_type', 'bert');
  read.require('hidden_act', 'gelu');
  read.require('position_embedding_type', 'absolute');
  const vocabSize = read.count('vocab_size');
  const width = read.count('hidden_size');
  const numHeads = read.count('num_attention_heads');
  if (width % numHeads !== 0)
    throw new ModelConfigError('num_attention_heads', `a divisor of hidden_size ${width}`, `${numHeads}`);
  return {
    vocabSize,
    numPositions: read.count('max_position_embeddings'),
    numTokenTypes: read.count('type_vocab_size', 2),
    width,
    numLayers: read.count('num_hidden_layers'),
    numHeads,
    innerWidth: read.count('intermediate_size'),
    numLabels: read.sizeOf('id2label') ?? read.count('num_labels', 2),
    layerNormEpsilon: read.number('layer_norm_eps', 1e-12, 0, 1),
    initializerRange: read.number('initializer_range', 0.02, 0, 10),
    hiddenDropout: read.number('hidden_dropout_prob', 0.1, 0, 1),
    attentionDropout: read.number('attention_probs_dropout_prob', 0.1, 0, 1),
    padTokenId: read.tokenId('pad_token_id', vocabSize) ?? 0,
  };
}

/** Names of the classes, in the order of the scores; empty where `id2label` does not name them. */
export function labelNames(json: unknown): string[] {
  const names = new ConfigReader(json).names('id2label');
  return Object.entries(names)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => name);
}

/** The `config.json` fields that Transformers needs to load the classifier again. */
export function bertConfigJson(config: BertConfig, labels?: readonly string[]): Record<string, unknown> {
  const names = labels ?? Array.from({ length: config.numLabels }, (_, i) => `LABEL_${i}`);
  return {
    architectures: ['BertForSequenceClassification'],
    model_type: 'bert',
    attention_probs_dropout_prob: config.attentionDropout,
    hidden_act: 'gelu',
    hidden_dropout_prob: config.hiddenDropout,
    hidden_size: config.width,
    id2label: Object.fromEntries(names.map((name, i) => [String(i), name])),
    initializer_range: config.initializerRange,
    intermediate_size: config.innerWidth,
    label2id: Object.fromEntries(names.map((name, i) => [name, i])),
    layer_norm_eps: config.layerNormEpsilon,
    max_position_embeddings: config.numPositions,
    num_attention_heads: config.numHeads,
    num_hidden_layers: config.numLayers,
    pad_token_id: config.padTokenId,
    position_embedding_type: 'absolute',
    torch_dtype: 'float32',
    type_vocab_size: config.numTokenTypes,
    vocab_size: config.vocabSize,
  };
}

/**
 * BERT with a classifier on its pooled first token, as a graph (Devlin et al. 2019; Transformers' modeling_bert.py:
 * post-norm layers, exact GELU, tanh pooler). Knows no training.
 */

import { add, gather, gelu, layerNorm, matMul, recompute, reshape, slice, tanh } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { attend, embed, joinHeads, paddingMask, splitHeads } from './attention.js';
import type { HeadShape } from './attention.js';
import type { BertConfig } from './bert-config.js';
import { noDropout } from './dropout.js';
import type { Dropout } from './dropout.js';
import { parameter } from './graph-parameters.js';
import type { ParameterValues } from './graph-parameters.js';

export interface BertInput {
  readonly inputIds: Value<'int32'>; // [B, T]
  /** 1 for real tokens, 0 for padding. */
  readonly attentionMask: Value<'int32'>; // [B, T]
  /** Segment of each token; all 0 when left out. */
  readonly tokenTypeIds?: Value<'int32'>; // [B, T]
  readonly dropout?: Dropout;
  /** Layers are computed anew for their gradients, so that of each only its input is kept. Default false. */
  readonly recompute?: boolean;
}

/** Scores of the classes: [B, labels]. */
export function bertLogits(config: BertConfig, parameters: ParameterValues, input: BertInput): Value<'float32'> {
  const { dropout = noDropout } = input;
  const first = hiddenStates(config, parameters, input, true); // [B, C]
  const pooled = tanh(linear(parameters, 'bert.pooler.dense', first)); // [B, C]
  return linear(parameters, 'classifier', dropout(pooled, config.hiddenDropout, 'pooled'));
}

/** Hidden states of the last layer: [B, T, C]. */
export function bertHidden(config: BertConfig, parameters: ParameterValues, input: BertInput): Value<'float32'> {
  return reshape(hiddenStates(config, parameters, input, false), [...input.inputIds.shape, config.width]);
}

/** Hidden states of all tokens [B·T, C]; or of the first of each row [B, C], the last layer then computing no others. */
function hiddenStates(
  config: BertConfig,
  parameters: ParameterValues,
  input: BertInput,
  firstOnly: boolean,
): Value<'float32'> {
  const { inputIds, attentionMask, dropout = noDropout } = input;
  const [batch = 1, tokens = 1] = inputIds.shape;
  const shape: HeadShape = { batch, tokens, heads: config.numHeads, headSize: config.width / config.numHeads };
  const mask = paddingMask(attentionMask);
  const embedded = norm(config, parameters, 'bert.embeddings.LayerNorm', bertEmbed(config, parameters, input));
  let hidden = dropout(embedded, config.hiddenDropout, 'embedding');
  for (let index = 0; index < config.numLayers; index++) {
    const isLast = index === config.numLayers - 1;
    const layerOf = (x: Value<'float32'>) =>
      layer(config, parameters, x, shape, mask, index, dropout, firstOnly && isLast);
    hidden = input.recompute === true ? recompute(hidden, layerOf) : layerOf(hidden);
  }
  return hidden;
}

/** The first token of each row: [B·T, C] → [B, C]. */
function firstTokens(x: Value<'float32'>, { batch, tokens }: HeadShape): Value<'float32'> {
  const width = x.shape[1] ?? 1;
  return reshape(slice(reshape(x, [batch, tokens, width]), { axis: 1, start: 0, end: 1 }), [batch, width]);
}

function bertEmbed(
  config: BertConfig,
  parameters: ParameterValues,
  { inputIds, tokenTypeIds }: BertInput,
): Value<'float32'> {
  const [batch = 1, tokens = 1] = inputIds.shape;
  if (tokens > config.numPositions) {
    throw new RangeError(
      `bertEmbed: expected at most ${config.numPositions} tokens (max_position_embeddings), got ${tokens}; shorten the texts`,
    );
  }
  const words = reshape(embed(parameter(parameters, 'bert.embeddings.word_embeddings.weight'), inputIds), [
    batch,
    tokens,
    config.width,
  ]);
  const positions = slice(parameter(parameters, 'bert.embeddings.position_embeddings.weight'), {
    axis: 0,
    start: 0,
    end: tokens,
  }); // [T, C]
  const typeTable = parameter(parameters, 'bert.embeddings.token_type_embeddings.weight');
  const types =
    tokenTypeIds === undefined ? slice(typeTable, { axis: 0, start: 0, end: 1 }) : gather(typeTable, tokenTypeIds, 0);
  return reshape(add(add(words, positions), types), [batch * tokens, config.width]); // [B·T, C]
}

function layer(
  config: BertConfig,
  parameters: ParameterValues,
  input: Value<'float32'>, // [B·T, C]
  shape: HeadShape,
  mask: Value<'float32'>,
  index: number,
  dropout: Dropout,
  firstOnly: boolean,
): Value<'float32'> {
  const name = `bert.encoder.layer.${index}`;
  const asking = firstOnly ? firstTokens(input, shape) : input; // [B·Tq, C]
  const asked: HeadShape = firstOnly ? { ...shape, tokens: 1 } : shape;
  const query = splitHeads(linear(parameters, `${name}.attention.self.query`, asking), asked);
  const value = splitHeads(linear(parameters, `${name}.attention.self.value`, input), shape);
  // Without its bias, which softmax ignores: float32 would make noise of a gradient that is 0, and Adam steps of the noise.
  const keys = splitHeads(
    matMul(input, parameter(parameters, `${name}.attention.self.key.weight`), { transB: true }),
    shape,
  );
  const attended = attend(query, keys, value, mask, (probabilities) =>
    dropout(probabilities, config.attentionDropout, `layer.${index}.attention`),
  );
  const output = linear(parameters, `${name}.attention.output.dense`, joinHeads(attended, asked));
  const middle = norm(
    config,
    parameters,
    `${name}.attention.output.LayerNorm`,
    add(asking, dropout(output, config.hiddenDropout, `layer.${index}.attention.out`)),
  );
  const inner = gelu(linear(parameters, `${name}.intermediate.dense`, middle)); // [B·T, I]
  const outer = linear(parameters, `${name}.output.dense`, inner);
  return norm(
    config,
    parameters,
    `${name}.output.LayerNorm`,
    add(middle, dropout(outer, config.hiddenDropout, `layer.${index}.out`)),
  );
}

/** x Wᵀ + b with W [out, in]: PyTorch's layout of a linear layer. */
function linear(parameters: ParameterValues, name: string, x: Value<'float32'>): Value<'float32'> {
  return add(
    matMul(x, parameter(parameters, `${name}.weight`), { transB: true }),
    parameter(parameters, `${name}.bias`),
  );
}

function norm(config: BertConfig, parameters: ParameterValues, name: string, x: Value<'float32'>): Value<'float32'> {
  return layerNorm(x, parameter(parameters, `${name}.weight`), parameter(parameters, `${name}.bias`), {
    epsilon: config.layerNormEpsilon,
  });
}

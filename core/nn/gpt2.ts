/**
 * GPT-2 as a graph (Radford et al. 2019; Transformers' modeling_gpt2.py): token and position embeddings, pre-norm blocks
 * of attention and MLP, a final norm, a head that shares the token embedding. Knows no training and no sampling.
 */

import {
  add,
  cast,
  constant,
  cumSum,
  gelu,
  geluTanh,
  greater,
  layerNorm,
  matMul,
  max,
  min,
  mul,
  recompute,
  reshape,
  slice,
  split,
  sub,
  transpose,
} from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { hostTensor } from '../tensor.js';
import { attend, causalMask, embed, joinHeads, paddingMask, tailQueries, tailTokens } from './attention.js';
import type { HeadShape } from './attention.js';
import { noDropout } from './dropout.js';
import type { Dropout } from './dropout.js';
import type { Gpt2Config } from './gpt2-config.js';
import { parameter } from './graph-parameters.js';
import type { ParameterValues } from './graph-parameters.js';

const activations = { gelu_new: geluTanh, gelu } as const;

/** What one forward pass is given. */
export interface Gpt2Input {
  readonly inputIds: Value<'int32'>; // [B, T]
  /**
   * 1 for real tokens, 0 for padding: [B, T]. Positions count the real tokens, so padding may stand on the left.
   * Leave it out when padding, if any, stands only on the right: no real token sees it there.
   */
  readonly attentionMask?: Value<'int32'>;
  readonly dropout?: Dropout;
  /** How many of the last positions are wanted; default all. The last block then computes no others. */
  readonly tail?: number;
  /** Blocks are computed anew for their gradients, so that of each only its input is kept. Default false. */
  readonly recompute?: boolean;
}

/** Attention of one block over its own queries [B, H, Tq, D], keys and values [B, H, T, D]; Tq < T only in the last block. */
export type AttentionCore = (
  q: Value<'float32'>,
  k: Value<'float32'>,
  v: Value<'float32'>,
  layer: number,
) => Value<'float32'>;

/**
 * Hidden states after the final norm. A query that sees no real token (padding on the left) gets an attention output of 0,
 * as PyTorch's scaled_dot_product_attention gives it: the last of them predicts the first real token in a loss.
 */
export function gpt2Hidden(config: Gpt2Config, parameters: ParameterValues, input: Gpt2Input): Value<'float32'> {
  const { inputIds, attentionMask, dropout = noDropout } = input;
  const [batch = 1, tokens = 1] = inputIds.shape;
  const { tail = tokens, recompute: anew = false } = input;
  const causal = causalMask(inputIds.graph, tokens);
  const mask = attentionMask === undefined ? causal : min(causal, paddingMask(attentionMask));
  const embedded = gpt2Embed(config, parameters, inputIds, attentionMask && positionIds(attentionMask)); // [B·T, C]
  const shape: HeadShape = { batch, tokens, heads: config.numHeads, headSize: config.width / config.numHeads };
  const seesAny =
    attentionMask && reshape(cast(greater(cumSum(attentionMask, 1), 0), 'float32'), [batch, 1, tokens, 1]);
  const core: AttentionCore = (q, k, v, layer) => {
    const queries = q.shape[2] ?? tokens;
    const context = attend(q, k, v, tailQueries(mask, queries), (probabilities) =>
      dropout(probabilities, config.attentionDropout, `h.${layer}.attn`),
    );
    return seesAny ? mul(context, tailQueries(seesAny, queries)) : context;
  };
  const hidden = gpt2Blocks(config, parameters, dropout(embedded, config.embeddingDropout, 'embedding'), shape, core, {
    dropout,
    tail,
    recompute: anew,
  });
  return reshape(hidden, [batch, tail, config.width]); // [B, T, C]
}

/** Position of each token, counted over the real ones: [B, T]. */
export function positionIds(attentionMask: Value<'int32'>): Value<'int32'> {
  return max(sub(cumSum(attentionMask, 1), 1), 0);
}

/** Token plus position embeddings: [B·T, C]. Without `positions`, token t stands at position t. */
export function gpt2Embed(
  config: Gpt2Config,
  parameters: ParameterValues,
  inputIds: Value<'int32'>, // [B, T]
  positions?: Value<'int32'>, // [B, T]
): Value<'float32'> {
  const [batch = 1, tokens = 1] = inputIds.shape;
  if (tokens > config.numPositions) {
    throw new RangeError(
      `gpt2Embed: expected at most ${config.numPositions} tokens (n_positions), got ${tokens}; shorten the texts`,
    );
  }
  const words = embed(parameter(parameters, 'transformer.wte.weight'), inputIds); // [B·T, C]
  const table = parameter(parameters, 'transformer.wpe.weight');
  if (positions !== undefined) return add(words, embed(table, positions));
  const sum = add(reshape(words, [batch, tokens, config.width]), slice(table, { axis: 0, start: 0, end: tokens }));
  return reshape(sum, [batch * tokens, config.width]);
}

/** All blocks and the final norm: [B·T, C] → [B·tail, C]. `core` decides what each query attends to. */
export function gpt2Blocks(
  config: Gpt2Config,
  parameters: ParameterValues,
  embedded: Value<'float32'>,
  shape: HeadShape,
  core: AttentionCore,
  options: Pick<Gpt2Input, 'dropout' | 'tail' | 'recompute'> = {},
): Value<'float32'> {
  const { dropout = noDropout, tail = shape.tokens } = options;
  let hidden = embedded;
  for (let layer = 0; layer < config.numLayers; layer++) {
    const wanted = layer === config.numLayers - 1 ? tail : shape.tokens;
    const blockOf = (input: Value<'float32'>) => block(config, parameters, input, shape, core, layer, dropout, wanted);
    hidden = options.recompute === true ? recompute(hidden, blockOf) : blockOf(hidden);
  }
  return norm(config, parameters, 'transformer.ln_f', hidden);
}

function block(
  config: Gpt2Config,
  parameters: ParameterValues,
  input: Value<'float32'>, // [B·T, C]
  shape: HeadShape,
  core: AttentionCore,
  layer: number,
  dropout: Dropout,
  tail: number,
): Value<'float32'> {
  const name = `transformer.h.${layer}`;
  const attended = selfAttention(
    parameters,
    `${name}.attn`,
    norm(config, parameters, `${name}.ln_1`, input),
    shape,
    (q, k, v) => core(q, k, v, layer),
    tail,
  );
  const middle = add(tailTokens(input, shape, tail), dropout(attended, config.residualDropout, `h.${layer}.attn.out`));
  const inner = conv1d(parameters, `${name}.mlp.c_fc`, norm(config, parameters, `${name}.ln_2`, middle)); // [B·T, I]
  const mlp = conv1d(parameters, `${name}.mlp.c_proj`, activations[config.activation](inner)); // [B·T, C]
  return add(middle, dropout(mlp, config.residualDropout, `h.${layer}.mlp.out`));
}

function selfAttention(
  parameters: ParameterValues,
  name: string,
  x: Value<'float32'>, // [B·T, C]
  shape: HeadShape,
  core: (q: Value<'float32'>, k: Value<'float32'>, v: Value<'float32'>) => Value<'float32'>,
  tail: number,
): Value<'float32'> {
  const bias = withoutKeyBias(parameter(parameters, `${name}.c_attn.bias`));
  const projected = add(matMul(x, parameter(parameters, `${name}.c_attn.weight`)), bias); // [B·T, 3C]
  const { tokens } = shape;
  const [q, k, v] = headParts(projected, shape); // each [B, H, T, D]
  if (q === undefined || k === undefined || v === undefined)
    throw new RangeError('selfAttention: expected three parts of c_attn');
  const asking = tail === tokens ? q : slice(q, { axis: 2, start: tokens - tail }); // [B, H, tail, D]
  return conv1d(parameters, `${name}.c_proj`, joinHeads(core(asking, k, v), { ...shape, tokens: tail }));
}

/** [B·T, 3C] → queries, keys and values, each [B, H, T, D]. Of a single token they lie one behind the other already. */
function headParts(x: Value<'float32'>, { batch, tokens, heads, headSize }: HeadShape): Value<'float32'>[] {
  const parts =
    tokens === 1
      ? split(x, 1, 3)
      : split(transpose(reshape(x, [batch, tokens, 3, heads, headSize]), [2, 0, 3, 1, 4]), 0, 3);
  return parts.map((part) => reshape(part, [batch, heads, tokens, headSize]));
}

/**
 * A bias common to all keys adds the same number to all scores of a query, which softmax ignores: its gradient is 0. Left
 * in, float32 makes 1e-9 of that 0, and Adam, which divides by the gradient's size, makes real steps of the 1e-9.
 */
function withoutKeyBias(bias: Value<'float32'>): Value<'float32'> {
  const width = (bias.shape[0] ?? 0) / 3;
  const kept = new Float32Array(3 * width).fill(1).fill(0, width, 2 * width);
  return mul(bias, constant(bias.graph, hostTensor('float32', [3 * width], kept))); // [3C]
}

/** x W + b with W [in, out]: GPT-2's own layout of a linear layer. */
function conv1d(parameters: ParameterValues, name: string, x: Value<'float32'>): Value<'float32'> {
  return add(matMul(x, parameter(parameters, `${name}.weight`)), parameter(parameters, `${name}.bias`));
}

function norm(config: Gpt2Config, parameters: ParameterValues, name: string, x: Value<'float32'>): Value<'float32'> {
  return layerNorm(x, parameter(parameters, `${name}.weight`), parameter(parameters, `${name}.bias`), {
    epsilon: config.layerNormEpsilon,
  });
}

/** Scores of the next token over the vocabulary: [..., C] → [..., V]. */
export function lmLogits(parameters: ParameterValues, hidden: Value<'float32'>): Value<'float32'> {
  return matMul(hidden, parameter(parameters, 'transformer.wte.weight'), { transB: true });
}

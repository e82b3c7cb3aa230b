/** GPT-2 reading token by token: prompts once, then one token at a time with the caches of those before it. */

import {
  add,
  cast,
  concat,
  constant,
  expand,
  greater,
  matMul,
  min,
  mul,
  reduceSum,
  reshape,
  scalar,
  softmax,
  split,
} from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { attend, causalMask, MASKED, paddingMask, tailQueries } from '../nn/attention.js';
import type { HeadShape } from '../nn/attention.js';
import type { Gpt2Config } from '../nn/gpt2-config.js';
import { gpt2Blocks, gpt2Embed, lmLogits, positionIds } from '../nn/gpt2.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import { hostTensor } from '../tensor.js';
import { cacheOf, slotNumbers, writeSlot } from './caches.js';
import type { Caches } from './caches.js';

export interface Decoder {
  readonly config: Gpt2Config;
  readonly parameters: ParameterValues;
  /** 1 for the prompts' real tokens, 0 for padding, which stands on the left. */
  readonly promptMask: Value<'int32'>; // [B, P]
}

export interface Scores {
  /** States in front of the next token. */
  readonly hidden: Value<'float32'>; // [B, C]
  readonly logits: Value<'float32'>; // [B, V]
  readonly caches: Caches;
}

export function headShape({ config, promptMask }: Decoder, tokens: number): HeadShape {
  const { numHeads, width } = config;
  return { batch: promptMask.shape[0] ?? 1, tokens, heads: numHeads, headSize: width / numHeads };
}

/** Scores after each prompt's last token, which stands at the right edge, and the caches. */
export function readPrompts(decoder: Decoder, promptIds: Value<'int32'>): Scores {
  const { config, parameters, promptMask } = decoder;
  const promptTokens = promptIds.shape[1] ?? 1;
  const caches: Caches = {};
  const mask = min(causalMask(promptIds.graph, promptTokens), paddingMask(promptMask));
  const hidden = gpt2Blocks(
    config,
    parameters,
    gpt2Embed(config, parameters, promptIds, positionIds(promptMask)),
    headShape(decoder, promptTokens),
    (q, k, v, layer) => {
      caches[`k:${layer}`] = k;
      caches[`v:${layer}`] = v;
      return attend(q, k, v, tailQueries(mask, q.shape[2] ?? 1));
    },
    { tail: 1 },
  ); // [B, C]
  return { hidden, logits: lmLogits(parameters, hidden), caches };
}

export interface Past {
  /** Of all tokens before this loop: F slots. */
  readonly frozen: Caches;
  /** Of this loop's tokens: W slots, those before `slot` filled. */
  readonly caches: Caches;
  /** Number of the loop's first new token, from 0. */
  readonly start: number;
  /** Iteration of the loop, a scalar. */
  readonly slot: Value<'int32'>;
}

/** Scores after one more token, which takes the loop's slot. */
export function readToken(decoder: Decoder, token: Value<'int32'>, { frozen, caches, start, slot }: Past): Scores {
  const { config, parameters, promptMask } = decoder;
  const position = add(reduceSum(promptMask, [1], { keepDims: true }), add(slot, start - 1)); // [B, 1]
  const next: Caches = {};
  const mask = pastMask(promptMask, start - 1, cacheOf(caches, 'k:0').shape[2] ?? 0, slot); // [B, 1, 1, F + W]
  const hidden = gpt2Blocks(
    config,
    parameters,
    gpt2Embed(config, parameters, reshape(token, [-1, 1]), position),
    headShape(decoder, 1),
    (q, k, v, layer) => {
      const keys = writeSlot(cacheOf(caches, `k:${layer}`), k, slot);
      const values = writeSlot(cacheOf(caches, `v:${layer}`), v, slot);
      next[`k:${layer}`] = keys;
      next[`v:${layer}`] = values;
      const past = { keys: cacheOf(frozen, `k:${layer}`), values: cacheOf(frozen, `v:${layer}`) };
      return attendBoth(q, past, { keys, values }, mask);
    },
  );
  return { hidden, logits: lmLogits(parameters, hidden), caches: next };
}

interface Keys {
  readonly keys: Value<'float32'>; // [B, H, S, D]
  readonly values: Value<'float32'>; // [B, H, S, D]
}

/** Attention over two caches as if they were one, without joining them: only scores and probabilities are. */
function attendBoth(q: Value<'float32'>, past: Keys, own: Keys, mask: Value<'float32'>): Value<'float32'> {
  const asking = scaled(q);
  const scores = [past, own].map(({ keys }) => matMul(asking, keys, { transB: true }));
  const sizes = scores.map(({ shape }) => shape[3] ?? 0);
  const [onPast, onOwn] = split(softmax(add(concat(scores, 3), mask)), 3, sizes);
  if (onPast === undefined || onOwn === undefined) throw new RangeError('attendBoth: expected two parts');
  return add(matMul(onPast, past.values), matMul(onOwn, own.values)); // [B, H, 1, D]
}

/**
 * q / √D: [B, H, 1, D]. On a CPU the product of one row with a matrix has a way of its own, twice to six times as fast, but
 * not with a factor. The factor is a vector, as the runtime would put a scalar back into the product.
 */
function scaled(q: Value<'float32'>): Value<'float32'> {
  const headSize = q.shape[3] ?? 1;
  const factors = new Float32Array(headSize).fill(1 / Math.sqrt(headSize));
  return mul(q, constant(q.graph, hostTensor('float32', [headSize], factors)));
}

/**
 * 0 for the prompt's real tokens, the `generated` ones after it and the loop's own up to `slot`, else a large negative
 * number: [B, 1, 1, P + generated + slots].
 */
function pastMask(
  promptMask: Value<'int32'>,
  generated: number,
  slots: number,
  slot: Value<'int32'>,
): Value<'float32'> {
  const [batch = 1] = promptMask.shape;
  const late = cast(greater(slotNumbers(slot.graph, slots), slot), 'float32'); // [W]
  const own = expand(reshape(mul(late, MASKED), [1, 1, 1, slots]), [batch, 1, 1, slots]);
  const zeros = expand(scalar(promptMask.graph, 0), [batch, 1, 1, generated]);
  return concat([paddingMask(promptMask), ...(generated === 0 ? [] : [zeros]), own], 3);
}

/** Multi-head scaled dot-product attention and the masks it adds to its scores. Knows no architecture. */

import { add, cast, constant, gather, matMul, mul, reshape, slice, softmax, sub, transpose } from '../ir/index.js';
import type { Graph, Value } from '../ir/index.js';
import { hostTensor } from '../tensor.js';

/** Added to scores that must not count: far below any score, yet a row of nothing else still has a finite softmax. */
export const MASKED = -1e9;

export interface HeadShape {
  readonly batch: number; // B
  readonly tokens: number; // T
  readonly heads: number; // H
  readonly headSize: number; // D
}

/** [B·T, H·D] → [B, H, T, D] */
export function splitHeads(x: Value<'float32'>, { batch, tokens, heads, headSize }: HeadShape): Value<'float32'> {
  if (tokens === 1) return reshape(x, [batch, heads, 1, headSize]);
  return transpose(reshape(x, [batch, tokens, heads, headSize]), [0, 2, 1, 3]);
}

/** [B, H, T, D] → [B·T, H·D] */
export function joinHeads(x: Value<'float32'>, { batch, tokens, heads, headSize }: HeadShape): Value<'float32'> {
  if (tokens === 1) return reshape(x, [batch, heads * headSize]);
  return reshape(transpose(x, [0, 2, 1, 3]), [batch * tokens, heads * headSize]);
}

/** The last `tail` tokens of each row: [B·T, C] → [B·tail, C]. */
export function tailTokens(x: Value<'float32'>, { batch, tokens }: HeadShape, tail: number): Value<'float32'> {
  if (tail === tokens) return x;
  const width = x.shape[1] ?? 1;
  const kept = slice(reshape(x, [batch, tokens, width]), { axis: 1, start: tokens - tail });
  return reshape(kept, [batch * tail, width]);
}

/** The part of a mask that is about the last `tail` queries: [B, 1, T, T] → [B, 1, tail, T]; one for all queries stays. */
export function tailQueries(mask: Value<'float32'>, tail: number): Value<'float32'> {
  const queries = mask.shape[2] ?? 1;
  return queries <= tail ? mask : slice(mask, { axis: 2, start: queries - tail });
}

/**
 * softmax(q kᵀ / √D + mask) v (Vaswani et al. 2017, equation 1).
 * @param mask added to the scores, broadcast to [B, H, Tq, Tk].
 * @param dropout applied to the probabilities.
 */
export function attend(
  q: Value<'float32'>, // [B, H, Tq, D]
  k: Value<'float32'>, // [B, H, Tk, D]
  v: Value<'float32'>, // [B, H, Tk, D]
  mask: Value<'float32'>,
  dropout: (probabilities: Value<'float32'>) => Value<'float32'> = (probabilities) => probabilities,
): Value<'float32'> {
  const headSize = q.shape[q.shape.length - 1] ?? 1;
  const scores = matMul(q, k, { transB: true, alpha: 1 / Math.sqrt(headSize) }); // [B, H, Tq, Tk]
  return matMul(dropout(softmax(add(scores, mask))), v); // [B, H, Tq, D]
}

/** 0 where the key is at or before the query, else a large negative number: [1, 1, T, T]. */
export function causalMask(graph: Graph, tokens: number): Value<'float32'> {
  const mask = new Float32Array(tokens * tokens);
  for (let query = 0; query < tokens; query++) mask.fill(MASKED, query * tokens + query + 1, (query + 1) * tokens);
  return constant(graph, hostTensor('float32', [1, 1, tokens, tokens], mask));
}

/** 0 for real keys, a large negative number for padding: [B, 1, 1, T]. `attentionMask` is 1 for real tokens. */
export function paddingMask(attentionMask: Value<'int32'>): Value<'float32'> {
  const [batch = 1, tokens = 1] = attentionMask.shape;
  return reshape(mul(sub(1, cast(attentionMask, 'float32')), MASKED), [batch, 1, 1, tokens]);
}

/** Rows of an embedding table: [V, C] at [B, T] → [B·T, C]. */
export function embed(table: Value<'float32'>, ids: Value<'int32'>): Value<'float32'> {
  return reshape(gather(table, ids, 0), [-1, table.shape[1] ?? 1]);
}

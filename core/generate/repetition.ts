/**
 * Repetition penalty: scores of tokens that stand in a text already are made smaller (Keskar et al. 2019, section 4.1;
 * Transformers' RepetitionPenaltyLogitsProcessor). Knows no model.
 */

import { cast, expand, greater, max, min, mul, reshape, scalar, scatterElements, where } from '../ir/index.js';
import type { Value } from '../ir/index.js';

/** How often each token of the vocabulary stands in each text: [B, V]. */
export type TokenCounts = Value<'float32'>;

/** Of prompts, padding left out. */
export function countTokens(
  ids: Value<'int32'>, // [B, P]
  mask: Value<'int32'>, // [B, P]
  vocabSize: number,
): TokenCounts {
  const none = expand(scalar(ids.graph, 0), [ids.shape[0] ?? 1, vocabSize]);
  return scatterElements(none, ids, cast(mask, 'float32'), { axis: 1, reduction: 'add' });
}

/** With one more token in each text. */
export function countToken(counts: TokenCounts, token: Value<'int32'>): TokenCounts {
  const column = [counts.shape[0] ?? 1, 1];
  const one = expand(scalar(counts.graph, 1), column);
  return scatterElements(counts, reshape(token, column), one, { axis: 1, reduction: 'add' });
}

/** Positive scores of tokens that were counted are divided by the penalty, negative ones multiplied by it: [B, V]. */
export function penalizeRepeated(
  logits: Value<'float32'>, // [B, V]
  counts: TokenCounts,
  penalty: number,
): Value<'float32'> {
  const [divided, multiplied] = [mul(logits, 1 / penalty), mul(logits, penalty)];
  // For a penalty of 1 or more the right one of the two is always the smaller.
  const penalized = penalty >= 1 ? min(divided, multiplied) : max(divided, multiplied);
  return where(greater(counts, 0), penalized, logits);
}

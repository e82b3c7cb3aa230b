/** Log-probabilities of tokens and cross-entropy. Knows no model. */

import { cast, concat, constant, div, equal, gatherElements, logSoftmax, max, neg, not, reduceSum, reshape, slice, where } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { hostTensor } from '../tensor.js';

/** Targets of this value do not count, as in PyTorch. */
export const IGNORED = -100;

/** log softmax(logits)[target] of each position; a target that is IGNORED gives that of token 0, to be masked by the caller. */
export function tokenLogProbs(
  logits: Value<'float32'>, // [..., V]
  targets: Value<'int32'>, // [...]
): Value<'float32'> {
  const last = logits.shape.length - 1;
  const indices = reshape(max(targets, 0), [...targets.shape, 1]);
  return reshape(gatherElements(logSoftmax(logits, last), indices, last), targets.shape); // [...]
}

/** 1 where the target counts, else 0. */
export function countedTargets(targets: Value<'int32'>): Value<'float32'> {
  return cast(not(equal(targets, IGNORED)), 'float32');
}

/** What position t has to predict: the label at t + 1, and nothing at the end. [B, T] → [B, T] */
export function nextTokenTargets(labels: Value<'int32'>): Value<'int32'> {
  const [batch = 1] = labels.shape;
  const none = constant(labels.graph, hostTensor('int32', [batch, 1], new Int32Array(batch).fill(IGNORED)));
  return concat([slice(labels, { axis: 1, start: 1 }), none], 1);
}

/** Summed and mean negative log-likelihood over the targets that count, and their number: three scalars. */
export interface CrossEntropy {
  readonly sum: Value<'float32'>;
  readonly count: Value<'float32'>;
  /** 0 when nothing counts. */
  readonly mean: Value<'float32'>;
}

export function crossEntropy(
  logits: Value<'float32'>, // [..., V]
  targets: Value<'int32'>, // [...]
): CrossEntropy {
  const counted = countedTargets(targets);
  const sum = neg(reduceSum(where(equal(counted, 0), 0, tokenLogProbs(logits, targets))));
  const count = reduceSum(counted);
  return { sum, count, mean: div(sum, max(count, 1)) };
}

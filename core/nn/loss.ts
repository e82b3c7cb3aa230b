/** Log-probabilities of tokens and cross-entropy. Knows no model. */

import type { Seed } from '../autodiff/index.js';
import {
  add,
  after,
  cast,
  concat,
  constant,
  div,
  equal,
  expand,
  gatherElements,
  log,
  logSoftmax,
  matMul,
  max,
  mul,
  neg,
  not,
  reduceSum,
  reshape,
  scalar,
  scatterElements,
  slice,
  softmax,
  sub,
  where,
} from '../ir/index.js';
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

/** Smallest probability whose logarithm is taken: losses of single tokens end at 85 nats. */
export const SMALLEST_PROBABILITY = 1e-37;

/** Log-probabilities of chosen tokens under a linear head, with their gradients where they leave the head. */
export interface HeadLogProbs {
  readonly logProbs: Value<'float32'>; // [N]
  /** Nats of each distribution: [N]. Not to be differentiated. */
  readonly entropy: Value<'float32'>;
  /** Gradients at hidden states and weight, from those of the log-probabilities [N, 1]. */
  seeds(slopes: Value<'float32'>): readonly Seed[];
  /**
   * The same with the slopes in the large matrix, for float16: there small probabilities vanish unless the loss scale, which is
   * among the slopes, holds them up.
   */
  scaledSeeds(slopes: Value<'float32'>): readonly Seed[];
}

/**
 * log softmax(hidden · weightᵀ / temperature)[targets], with dlogits = (onehot − softmax) · slope written out by hand. The
 * slopes go into the small matrices: [N, V] is passed over for three products and one softmax, nothing else. Rows of the
 * weight from V on belong to no token.
 *
 * With E = softmax − onehot, the gradient of hidden needs E · weight, and the entropy follows from it: −Σ p log p =
 * −log p[target] − hidden · (E · weight) / temperature.
 */
export function headLogProbs(
  hidden: Value<'float32'>, // [N, C]
  weight: Value<'float32'>, // [V' ≥ V, C]
  targets: Value<'int32'>, // [N]
  vocabSize: number, // V
  temperature = 1,
): HeadLogProbs {
  const [rows = 1] = targets.shape;
  const alpha = 1 / temperature;
  const logits = matMul(hidden, weight, { transB: true, alpha });
  const probabilities = softmax(withoutSpares(logits, vocabSize), 1); // [N, V']
  const indices = reshape(max(targets, 0), [rows, 1]);
  const chosen = max(gatherElements(probabilities, indices, 1), SMALLEST_PROBABILITY); // [N, 1]
  // −1, yet computed from `chosen`: the scatter then is the last reader of the probabilities and happens in their place.
  const minusOne = sub(mul(chosen, 0), 1);
  const error = scatterElements(probabilities, indices, minusOne, { axis: 1, reduction: 'add' }); // E, [N, V]
  const pulled = matMul(error, weight); // [N, C]
  const logProbs = reshape(log(chosen), [rows]);
  return {
    logProbs,
    entropy: neg(add(logProbs, mul(reduceSum(mul(hidden, pulled), [1]), alpha))),
    seeds: (slopes) => {
      const factor = mul(slopes, -alpha); // [N, 1]
      const dWeight = matMul(error, mul(hidden, factor), { transA: true }); // [V, C]
      // Else the error, the largest of all tensors, would be kept until the end for the weight's gradient.
      const dHidden = after(mul(pulled, factor), [dWeight]); // [N, C]
      return [
        { value: hidden, gradient: dHidden },
        { value: weight, gradient: dWeight },
      ];
    },
    scaledSeeds: (slopes) => {
      const dScores = mul(error, mul(slopes, -alpha)); // [N, V]
      const dWeight = matMul(dScores, hidden, { transA: true }); // [V, C]
      const dHidden = after(matMul(dScores, weight), [dWeight]); // [N, C]
      return [
        { value: hidden, gradient: dHidden },
        { value: weight, gradient: dWeight },
      ];
    },
  };
}

/** Scores of rows of the weight that belong to no token, which get a probability of 0 and no gradient. */
const NEVER = -1e30;

/** In place: a scatter into what nothing else reads. */
function withoutSpares(logits: Value<'float32'>, vocabSize: number): Value<'float32'> {
  const { graph, shape } = logits;
  const [rows = 1, width = vocabSize] = shape;
  if (width === vocabSize) return logits;
  const spares = Int32Array.from({ length: width - vocabSize }, (_, i) => vocabSize + i);
  const places = constant(graph, hostTensor('int32', [1, spares.length], spares));
  const indices = expand(places, [rows, spares.length]);
  return scatterElements(logits, indices, expand(scalar(graph, NEVER), indices.shape), { axis: 1 });
}

/** The cross-entropy of a linear head as a share of a mean, with its gradients where they leave the head. */
export interface HeadLoss {
  readonly mean: Value<'float32'>;
  readonly seeds: readonly Seed[];
}

/** crossEntropy(hidden · weightᵀ, targets).sum / count; targets that do not count have no share in it. */
export function headCrossEntropy(
  hidden: Value<'float32'>, // [N, C]
  weight: Value<'float32'>, // [V' ≥ V, C]
  targets: Value<'int32'>, // [N]
  vocabSize: number, // V
  /** Of these and all others that the mean is over. */
  count: Value<'float32'>,
  /** Factor of the gradients, where float16 needs one. */
  lossScale?: Value<'float32'>,
): HeadLoss {
  const [rows = 1] = targets.shape;
  const share = div(countedTargets(targets), count); // [N]
  const { logProbs, seeds, scaledSeeds } = headLogProbs(hidden, weight, targets, vocabSize);
  const slopes = neg(reshape(share, [rows, 1]));
  return {
    mean: neg(reduceSum(mul(share, logProbs))),
    seeds: lossScale ? scaledSeeds(mul(slopes, lossScale)) : seeds(slopes),
  };
}

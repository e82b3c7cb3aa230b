/** PPO's clipped losses over one minibatch, as a graph. Knows no model, only log-probabilities and values. */

import { abs, cast, exp, greater, max, min, mul, neg, add, reduceMax, reduceMean, sub } from '../ir/index.js';
import type { Value } from '../ir/index.js';

type Floats = Value<'float32'>;

/** Everything [M, T]. */
export interface PpoLossInput {
  readonly logProbs: Floats;
  readonly values: Floats;
  readonly oldLogProbs: Floats;
  readonly oldValues: Floats;
  /** Whitened. */
  readonly advantages: Floats;
  readonly returns: Floats;
}

export interface PpoLossOptions {
  readonly clip: number;
  readonly valueClip: number;
  readonly valueCoefficient: number;
}

/** Scalars, but for `ratio` [M, T]. */
export interface PpoLoss {
  readonly loss: Floats;
  readonly policyLoss: Floats;
  readonly valueLoss: Floats;
  readonly approxKl: Floats;
  readonly policyKl: Floats;
  readonly clipFraction: Floats;
  readonly valueClipFraction: Floats;
  readonly ratioMean: Floats;
  readonly ratioVariance: Floats;
  /** Mean of the new values. */
  readonly valuePrediction: Floats;
  /** mean (value − return)², unclipped. */
  readonly updateValueError: Floats;
  readonly ratioMax: Floats;
  readonly ratioError: Floats;
  readonly ratio: Floats;
}

const clamp = (x: Floats, low: Floats | number, high: Floats | number): Floats => min(max(x, low), high);
const shareOf = (condition: Value<'bool'>): Floats => reduceMean(cast(condition, 'float32'));
const square = (x: Floats): Floats => mul(x, x);

/**
 * policy: mean max(−A·r, −A·clip(r, 1 ± ε)), r = π_new/π_old (Schulman et al. 2017, eq. 7);
 * value: ½·mean max((V − R)², (clip(V, V_old ± ε_v) − R)²); loss = policy + c_v · value (openai/lm-human-preferences, train_policy.py).
 */
export function ppoLoss(input: PpoLossInput, { clip, valueClip, valueCoefficient }: PpoLossOptions): PpoLoss {
  const logRatio = sub(input.logProbs, input.oldLogProbs); // [M, T]
  const ratio = exp(logRatio);
  const distance = abs(sub(ratio, 1));
  const ratioMean = reduceMean(ratio);
  const loss = neg(input.advantages);
  const policyLoss = reduceMean(max(mul(loss, ratio), mul(loss, clamp(ratio, 1 - clip, 1 + clip))));
  const { valueLoss, valueClipFraction, updateValueError } = clippedValueLoss(input, valueClip);
  return {
    loss: add(policyLoss, mul(valueLoss, valueCoefficient)),
    policyLoss,
    valueLoss,
    approxKl: mul(reduceMean(square(logRatio)), 0.5),
    policyKl: neg(reduceMean(logRatio)),
    clipFraction: shareOf(greater(distance, clip)),
    valueClipFraction,
    ratioMean,
    ratioVariance: reduceMean(square(sub(ratio, ratioMean))),
    valuePrediction: reduceMean(input.values),
    updateValueError,
    ratioMax: reduceMax(ratio),
    ratioError: reduceMax(distance),
    ratio,
  };
}

function clippedValueLoss(
  { values, oldValues, returns }: PpoLossInput,
  valueClip: number,
): Pick<PpoLoss, 'valueLoss' | 'valueClipFraction' | 'updateValueError'> {
  const clipped = clamp(values, sub(oldValues, valueClip), add(oldValues, valueClip));
  const error = square(sub(values, returns));
  const clippedError = square(sub(clipped, returns));
  return {
    valueLoss: mul(reduceMean(max(error, clippedError)), 0.5),
    valueClipFraction: shareOf(greater(clippedError, error)),
    updateValueError: reduceMean(error),
  };
}

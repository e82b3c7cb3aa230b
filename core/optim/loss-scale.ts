/**
 * The factor by which a loss is multiplied so that its gradients stay within float16, and how it follows them (Micikevicius et
 * al. 2018, arXiv 1710.03740, section 3.2; the rule and its numbers are those of PyTorch's torch.amp.GradScaler). Powers of two
 * change no digit. Knows neither the loss nor the optimizer.
 */

import { add, greaterOrEqual, lessOrEqual, min, mul, where } from '../ir/index.js';
import type { Value } from '../ir/index.js';

export interface LossScaleSettings {
  readonly initial: number;
  /** Factor after `growthInterval` steps in a row whose gradients were finite. */
  readonly growth: number;
  readonly growthInterval: number;
  /** Factor after a step whose gradients were not finite. */
  readonly backoff: number;
  readonly largest: number;
  /** A scale below this is of no use: the gradients themselves are not finite. */
  readonly smallest: number;
}

/** GradScaler's defaults; the bounds are those of NVIDIA's Apex. */
export const lossScaleDefaults: LossScaleSettings = {
  initial: 2 ** 16,
  growth: 2,
  growthInterval: 2_000,
  backoff: 0.5,
  largest: 2 ** 24,
  smallest: 1,
};

/** What is carried from step to step. */
export interface LossScale<V = Value<'float32'>> {
  readonly scale: V;
  /** Finite steps since the scale changed last. */
  readonly streak: V;
}

/** The largest finite number of float32. */
const MAX_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/** Whether a number that is not negative is finite: neither infinity nor not a number. */
export function isFinite(x: Value<'float32'>): Value<'bool'> {
  return lessOrEqual(x, MAX_FLOAT32);
}

/** The scale of the next step. */
export function nextLossScale(
  { scale, streak }: LossScale,
  finite: Value<'bool'>,
  { growth, growthInterval, backoff, largest }: LossScaleSettings,
): LossScale {
  const counted = add(streak, 1);
  const grows = greaterOrEqual(counted, growthInterval);
  const grown = min(mul(scale, growth), largest);
  return {
    scale: where(finite, where(grows, grown, scale), mul(scale, backoff)),
    streak: where(finite, where(grows, 0, counted), 0),
  };
}

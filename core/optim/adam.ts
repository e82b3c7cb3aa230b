/** One step of Adam or AdamW as a graph. Knows neither what the parameters are nor how the gradient came about. */

import { add, div, mul, sqrt, sub, where } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { sumOfSquares } from './clip.js';

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /**
   * `torch`: epsilon is added to √(v / (1 − β₂ᵗ)) (Kingma & Ba 2015, algorithm 1). `tensorflow`: it is added to √v, before the
   * correction (the same paper, end of section 2), so that it weighs more in the first steps.
   */
  readonly epsilonForm: 'torch' | 'tensorflow';
}

/** PyTorch's defaults. */
export const adamDefaults: AdamSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, epsilonForm: 'torch' };

/**
 * A parameter with both its moments, all of one shape. The moments are kept as sums, m = Σ β₁ᵗ⁻ⁱ gᵢ and v = Σ β₂ᵗ⁻ⁱ gᵢ²: those of
 * the paper without the factors 1 − β₁ and 1 − β₂, which a step takes into its scalars, two passes fewer over the elements.
 */
export interface AdamState<V = Value<'float32'>> {
  readonly parameter: V;
  readonly m: V;
  readonly v: V;
}

/** The state after a step. */
export interface AdamStep extends AdamState {
  /** Sum of the squares of the gradient that was applied, a scalar. */
  readonly squares: Value<'float32'>;
}

/** Scalars of one step. */
export interface AdamScalars {
  readonly lr: Value<'float32'>;
  /** 1 − β₁ᵗ and 1 − β₂ᵗ, t from 1. */
  readonly correction1: Value<'float32'>;
  readonly correction2: Value<'float32'>;
}

export interface AdamStepOptions {
  /** Decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2). Default 0: plain Adam. */
  readonly weightDecay?: number;
  /** Scalar by which the gradient is multiplied first, from clipping. */
  readonly gradientScale?: Value<'float32'>;
  /** Where it does not hold, the state stays as it is, bit for bit, whatever the gradient. Default: it holds. */
  readonly applies?: Value<'bool'>;
}

/**
 * With m̂ = (1 − β₁) m / (1 − β₁ᵗ) and v̂ = (1 − β₂) v / (1 − β₂ᵗ): p ← p (1 − lr·decay) − lr m̂ / (√v̂ + ε). Scalars are folded
 * together, so that the vectors are passed over as seldom as plain element-wise ops allow.
 */
export function adamStep(
  { parameter, m, v }: AdamState,
  gradient: Value<'float32'>,
  scalars: AdamScalars,
  settings: AdamSettings,
  { weightDecay = 0, gradientScale, applies }: AdamStepOptions = {},
): AdamStep {
  const { beta1, beta2, epsilon, epsilonForm } = settings;
  const slope = gradientScale ? mul(gradient, gradientScale) : gradient;
  const nextM = add(mul(m, beta1), slope);
  const nextV = add(mul(v, beta2), mul(slope, slope));
  // √v̂ + ε = (√v + shift) · √((1 − β₂) / (1 − β₂ᵗ)).
  const factor2 = Math.sqrt(1 - beta2);
  const root2 = sqrt(scalars.correction2);
  const stepSize = div(mul(mul(scalars.lr, (1 - beta1) / factor2), root2), scalars.correction1);
  const shift = epsilonForm === 'torch' ? mul(root2, epsilon / factor2) : epsilon / factor2;
  const update = mul(div(nextM, add(sqrt(nextV), shift)), stepSize);
  const decayed = weightDecay === 0 ? parameter : mul(parameter, sub(1, mul(scalars.lr, weightDecay)));
  const chosen = (next: Value<'float32'>, before: Value<'float32'>) => (applies ? where(applies, next, before) : next);
  return {
    parameter: chosen(sub(decayed, update), parameter),
    m: chosen(nextM, m),
    v: chosen(nextV, v),
    squares: sumOfSquares(slope),
  };
}

/** Corrections of steps `first + 1 … first + count`, computed in double precision. */
export function adamCorrections(
  settings: AdamSettings,
  first: number,
  count: number,
): { correction1: Float32Array; correction2: Float32Array } {
  const corrections = (beta: number) => Float32Array.from({ length: count }, (_, i) => 1 - beta ** (first + 1 + i));
  return { correction1: corrections(settings.beta1), correction2: corrections(settings.beta2) };
}

/** The norm of all gradients together, and how much to shrink them. Knows no optimizer. */

import { add, div, min, mul, reduceSum, reshape, scalar, sqrt } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { sizeOf } from '../tensor.js';

export interface GlobalNorm {
  /** Euclidean norm over all elements of all gradients, before clipping. */
  readonly norm: Value<'float32'>;
  /**
   * What to multiply the gradients by: min(1, maxNorm / (norm + 1e-6)), as PyTorch's clip_grad_norm_, divided by the loss scale
   * where there is one. Absent when gradients stay as they are.
   */
  readonly scale?: Value<'float32'>;
}

/**
 * @param maxNorm 0 for no limit
 * @param lossScale factor of all gradients, which is taken out of the norm
 * @throws RangeError when there is no gradient.
 */
export function globalNorm(
  gradients: readonly Value<'float32'>[],
  maxNorm: number,
  lossScale?: Value<'float32'>,
): GlobalNorm {
  const whole = normOf(gradients.map(sumOfSquares));
  const norm = lossScale ? div(whole, lossScale) : whole;
  if (maxNorm === 0) return lossScale ? { norm, scale: div(scalar(norm.graph, 1), lossScale) } : { norm };
  const scale = min(div(scalar(norm.graph, maxNorm), add(norm, 1e-6)), 1);
  return { norm, scale: lossScale ? div(scale, lossScale) : scale };
}

/** Euclidean norm from sums of squares. @throws RangeError when there is none */
export function normOf(squares: readonly Value<'float32'>[]): Value<'float32'> {
  const [first, ...rest] = squares;
  if (first === undefined) throw new RangeError('normOf: expected at least one gradient, got none');
  return sqrt(rest.reduce((sum, square) => add(sum, square), first));
}

/**
 * In √N rows, then over these: a single running sum of N squares in float32 comes out 0.4 % too small for 30 million, and one
 * part in 10,000 for a million.
 */
export function sumOfSquares(gradient: Value<'float32'>): Value<'float32'> {
  const rows = divisorUpTo(Math.sqrt(sizeOf(gradient.shape)), sizeOf(gradient.shape));
  return reduceSum(reduceSum(reshape(mul(gradient, gradient), [rows, -1]), [1]));
}

/** The largest divisor of `count` that is no larger than `limit`. */
function divisorUpTo(limit: number, count: number): number {
  let divisor = Math.max(1, Math.floor(limit));
  while (count % divisor !== 0) divisor--;
  return divisor;
}

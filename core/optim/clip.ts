/** The norm of all gradients together, and how much to shrink them. Knows no optimizer. */

import { add, div, min, mul, reduceSum, scalar, sqrt } from '../ir/index.js';
import type { Value } from '../ir/index.js';

export interface GlobalNorm {
  /** Euclidean norm over all elements of all gradients, before clipping. */
  readonly norm: Value<'float32'>;
  /** min(1, maxNorm / (norm + 1e-6)): PyTorch's clip_grad_norm_. */
  readonly scale: Value<'float32'>;
}

/** @throws RangeError when there is no gradient. */
export function globalNorm(gradients: readonly Value<'float32'>[], maxNorm: number): GlobalNorm {
  const [first, ...rest] = gradients.map((gradient) => reduceSum(mul(gradient, gradient)));
  if (first === undefined) throw new RangeError('globalNorm: expected at least one gradient, got none');
  const norm = sqrt(rest.reduce((sum, square) => add(sum, square), first));
  return { norm, scale: min(div(scalar(norm.graph, maxNorm), add(norm, 1e-6)), 1) };
}

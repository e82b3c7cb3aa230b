/** A head that gives one number a token. Knows not what the number is used for. */

import { add, mul, reduceSum, tanh } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { noDropout } from './dropout.js';
import type { Dropout } from './dropout.js';

export interface ValueHeadOptions {
  /** What follows the linear layer: `none`, or `tanh` as the 2022 study had it. Default `none`. */
  readonly activation?: 'none' | 'tanh';
  /** Probability of dropping, before the linear layer and, with tanh, after it. Default 0. */
  readonly dropoutRate?: number;
  readonly dropout?: Dropout;
}

/** dropout → linear to one → (tanh → dropout): [..., C] → [...]. `weight` is [C], `bias` is a scalar. */
export function valueHead(
  hidden: Value<'float32'>,
  weight: Value<'float32'>,
  bias: Value<'float32'>,
  { activation = 'none', dropoutRate = 0, dropout = noDropout }: ValueHeadOptions = {},
): Value<'float32'> {
  const kept = dropout(hidden, dropoutRate, 'value.in');
  const values = add(reduceSum(mul(kept, weight), [kept.shape.length - 1]), bias);
  return activation === 'tanh' ? dropout(tanh(values), dropoutRate, 'value.out') : values;
}

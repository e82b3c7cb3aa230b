/** The elements of a host tensor as plain numbers, whatever holds them. */

import { float16Value } from '../half-precision.js';
import type { HostTensor } from '../tensor.js';

/** The first `count` elements, all unless given; int64 beyond 2^53 loses its last digits. */
export function numbersOf({ dtype, data }: HostTensor, count = data.length): number[] {
  const numbers = Array.from(data.slice(0, count), Number);
  return dtype === 'float16' ? numbers.map(float16Value) : numbers;
}

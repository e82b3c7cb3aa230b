/** Where a model may drop activations. Knows not what draws the masks. */

import type { Value } from '../ir/index.js';

/**
 * Drops each element of `x` with probability `rate` and scales the rest by 1 / (1 − rate). `site` names the place in the
 * model, so that each place draws its own mask.
 */
export type Dropout = (x: Value<'float32'>, rate: number, site: string) => Value<'float32'>;

export const noDropout: Dropout = (x) => x;

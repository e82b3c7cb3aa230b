/** Keys and values of tokens that were read already. A loop fills slots of a short cache of its own. Knows no model. */

import { concat, constant, equal, expand, gather, scalar, where } from '../ir/index.js';
import type { Graph, Value } from '../ir/index.js';
import type { HeadShape } from '../nn/attention.js';
import { hostTensor } from '../tensor.js';

/** Each layer's keys and values: [B, H, S, D]. */
export type Caches = Record<`k:${number}` | `v:${number}`, Value<'float32'>>;

/** Caches of S slots, none of them filled. */
export function emptyCaches(
  graph: Graph,
  layers: number,
  { batch, heads, headSize }: HeadShape,
  slots: number,
): Caches {
  const empty = expand(scalar(graph, 0), [batch, heads, slots, headSize]);
  const caches: Caches = {};
  for (let layer = 0; layer < layers; layer++) caches[`k:${layer}`] = caches[`v:${layer}`] = empty;
  return caches;
}

/** The slots of one cache behind those of another. */
export function joinedCaches(before: Caches, after: Caches): Caches {
  const caches: Caches = {};
  for (let layer = 0; `k:${layer}` in before; layer++) {
    for (const name of [`k:${layer}`, `v:${layer}`] as const)
      caches[name] = concat([cacheOf(before, name), cacheOf(after, name)], 2);
  }
  return caches;
}

export function cacheOf(caches: Caches, name: keyof Caches): Value<'float32'> {
  const cache = caches[name];
  if (cache === undefined)
    throw new RangeError(`sampler: expected a cache ${name}, got ${Object.keys(caches).join(', ')}`);
  return cache;
}

/**
 * A copy of the cache with one slot set: the update is put behind the last slot, and slots are then picked by number.
 * Two block copies; ScatterElements, Where and a product with a one-hot vector each took half as long again.
 */
export function writeSlot(
  cache: Value<'float32'>, // [B, H, S, D]
  update: Value<'float32'>, // [B, H, 1, D]
  slot: Value<'int32'>,
): Value<'float32'> {
  const slots = cache.shape[2] ?? 0;
  const numbers = slotNumbers(cache.graph, slots);
  return gather(concat([cache, update], 2), where(equal(numbers, slot), slots, numbers), 2);
}

/** 0 … S − 1: [S]. */
export function slotNumbers(graph: Graph, slots: number): Value<'int32'> {
  const numbers = Int32Array.from({ length: slots }, (_, i) => i);
  return constant(graph, hostTensor('int32', [slots], numbers));
}

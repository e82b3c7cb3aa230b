/** What the programs of PPO's optimiser steps are fed. Knows no optimiser. */

import { hostTensor, sizeOf } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { joined } from './joined.js';
import type { MinibatchOptions } from './minibatch-loss.js';
import type { Minibatch, PolicyUpdaterOptions } from './updater-types.js';
import { valueKeepFeeds } from './value-dropout.js';

export type Feeds = Record<string, HostTensor>;

/** One minibatch, each [M, …], as it lies. */
export function minibatchFeeds(minibatch: Minibatch, options: MinibatchOptions): Feeds {
  const { minibatchSize, queryTokens, responseTokens } = options;
  const ints = (data: Int32Array) => hostTensor('int32', [minibatchSize, queryTokens + responseTokens], data);
  const floats = (data: Float32Array) => hostTensor('float32', [minibatchSize, responseTokens], data);
  return {
    tokens: ints(minibatch.tokens),
    ...(options.padded && { mask: ints(minibatch.mask) }),
    oldLogProbs: floats(minibatch.oldLogProbs),
    oldValues: floats(minibatch.oldValues),
    advantages: floats(minibatch.advantages),
    returns: floats(minibatch.returns),
  };
}

/** K minibatches, each [K, M, …]: a copy. */
export function stackedFeeds(minibatches: readonly Minibatch[], options: MinibatchOptions): Feeds {
  const floats = (part: 'oldLogProbs' | 'oldValues' | 'advantages' | 'returns') =>
    joined(minibatches.map((one) => one[part]));
  const ints = (part: 'tokens' | 'mask') => Int32Array.from(minibatches.flatMap((one) => [...one[part]]));
  const whole = {
    tokens: ints('tokens'),
    mask: ints('mask'),
    oldLogProbs: floats('oldLogProbs'),
    oldValues: floats('oldValues'),
    advantages: floats('advantages'),
    returns: floats('returns'),
  };
  const leading = [minibatches.length, options.minibatchSize];
  const feeds = minibatchFeeds(whole, { ...options, minibatchSize: sizeOf(leading) });
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { dtype, shape, data }]) => [
      name,
      hostTensor(dtype, [...leading, ...shape.slice(1)], data),
    ]),
  );
}

/** Masks of K optimiser steps from step `first` on, stacked; none where the value head does not drop. */
export function dropoutFeeds(
  width: number,
  { first, steps }: { readonly first: number; readonly steps: number },
  options: PolicyUpdaterOptions,
): Feeds {
  const { seed, valueDropout: rate } = options;
  return rate > 0 ? { ...valueKeepFeeds({ seed, first, steps, rate }, { ...options, width }) } : {};
}

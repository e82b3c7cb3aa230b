/** What the programs of PPO's optimiser steps are fed. Knows no optimiser. */

import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import type { MinibatchOptions } from './minibatch-loss.js';
import type { Minibatch, PolicyUpdaterOptions } from './updater-types.js';
import { valueKeepFeeds } from './value-dropout.js';

export type Feeds = Record<string, HostTensor>;

/** K minibatches, stacked: each [K, M, …]. */
export function minibatchFeeds(minibatches: readonly Minibatch[], options: MinibatchOptions): Feeds {
  const leading = [minibatches.length, options.minibatchSize];
  const row = options.queryTokens + options.responseTokens;
  const ints = (part: 'tokens' | 'mask') =>
    hostTensor('int32', [...leading, row], Int32Array.from(minibatches.flatMap((one) => [...one[part]])));
  const floats = (part: 'oldLogProbs' | 'oldValues' | 'advantages' | 'returns') =>
    hostTensor(
      'float32',
      [...leading, options.responseTokens],
      Float32Array.from(minibatches.flatMap((one) => [...one[part]])),
    );
  return {
    tokens: ints('tokens'),
    ...(options.padded && { mask: ints('mask') }),
    oldLogProbs: floats('oldLogProbs'),
    oldValues: floats('oldValues'),
    advantages: floats('advantages'),
    returns: floats('returns'),
  };
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

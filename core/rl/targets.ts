/** What a minibatch is trained towards: whitened advantages and returns, from rollout numbers. Knows no model. */

import { gae, type GaeOptions } from './gae.js';
import type { PpoProfile } from './profiles.js';
import { whiten } from './whiten.js';

export interface MinibatchTargets {
  /** Whitened over the minibatch, [M·T]. */
  readonly advantages: Float64Array;
  /** Before whitening: advantages + values, [M·T]. */
  readonly returns: Float64Array;
}

export type TargetOptions = GaeOptions & Pick<PpoProfile, 'whitenRewards' | 'unbiasedVariance'>;

/** Rewards (whitened with their mean kept, where the profile says so) → GAE → whitened advantages, all within one minibatch. */
export function minibatchTargets(
  rewards: ArrayLike<number>, // [M·T]
  values: ArrayLike<number>, // [M·T]
  tokens: number,
  options: TargetOptions,
): MinibatchTargets {
  const unbiased = options.unbiasedVariance;
  const seen = options.whitenRewards ? whiten(rewards, { unbiased, shiftMean: false }) : rewards;
  const { advantages, returns } = gae(seen, values, tokens, options);
  return { advantages: whiten(advantages, { unbiased, shiftMean: true }), returns };
}

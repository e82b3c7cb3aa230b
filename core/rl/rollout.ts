/** One batch of episodes as numbers: what was said, how likely it was, how it was judged. Knows no graph. */

import type { Tokens } from './episodes.js';

export interface Rollout {
  /** [B] */
  readonly queries: readonly Tokens[];
  /** [B], T tokens each */
  readonly responses: readonly Tokens[];
  /** [B] */
  readonly scores: Float32Array;
  /** Of the sampled tokens under the policy that sampled them, [B·T]. */
  readonly logProbs: Float32Array;
  /** Under the reference, [B·T]. */
  readonly refLogProbs: Float32Array;
  /** [B·T] */
  readonly values: Float32Array;
  /** Nats of the next-token distribution, [B·T]. */
  readonly entropy: Float32Array;
}

/** Turns a rollout into minibatches: rewards, targets, and the rows that each optimiser step reads. Knows no graph. */

import type { TokenRows } from './episodes.js';
import { gae } from './gae.js';
import type { GaeOptions, GaeResult } from './gae.js';
import type { Minibatch } from './updater-types.js';
import type { Rollout } from './rollout.js';
import { minibatchTargets } from './targets.js';
import type { TargetOptions } from './targets.js';
import { tokenRewards } from './token-rewards.js';

/** The rows of a block of `width` columns, in the given order. */
function takeRows(block: ArrayLike<number>, width: number, rows: ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < width; j++) out[i * width + j] = block[rows[i]! * width + j]!;
  }
  return out;
}

/** One minibatch an entry of `order`, in that order; targets are worked out inside each minibatch. */
export function minibatchesOf(
  rollout: Rollout,
  rows: TokenRows,
  klCoefficient: number,
  order: readonly ArrayLike<number>[],
  options: TargetOptions,
): Minibatch[] {
  const tokens = rollout.logProbs.length / rollout.scores.length; // T
  const width = rows.tokens.shape[1]!; // Q + T
  const rewards = tokenRewards({ ...rollout, tokens, klCoefficient });
  return order.map((episodes) => {
    const oldValues = takeRows(rollout.values, tokens, episodes);
    const targets = minibatchTargets(takeRows(rewards, tokens, episodes), oldValues, tokens, options);
    return {
      tokens: Int32Array.from(takeRows(rows.tokens.data, width, episodes)),
      mask: Int32Array.from(takeRows(rows.mask.data, width, episodes)),
      oldLogProbs: Float32Array.from(takeRows(rollout.logProbs, tokens, episodes)),
      oldValues: Float32Array.from(oldValues),
      advantages: Float32Array.from(targets.advantages),
      returns: Float32Array.from(targets.returns),
    };
  });
}

/** Advantages and returns of the whole batch before any whitening, for the record. */
export function batchReturns(rollout: Rollout, klCoefficient: number, options: GaeOptions): GaeResult {
  const tokens = rollout.logProbs.length / rollout.scores.length;
  return gae(tokenRewards({ ...rollout, tokens, klCoefficient }), rollout.values, tokens, options);
}

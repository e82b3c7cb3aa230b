/** Checks that stop a run before it goes on with wrong numbers. */

import { FirstRatioError, LossDivergedError, ScoreError } from './ppo-errors.js';
import type { UpdateStats } from './update-stats.js';

/** Rollout and update compute in different batch shapes; float32 rounding stays far below this. */
const FIRST_RATIO_TOLERANCE = 1e-4;

/** @throws LossDivergedError, FirstRatioError */
export function guardUpdate(batch: number, stats: UpdateStats): void {
  for (const quantity of ['loss', 'policyLoss', 'valueLoss', 'gradNorm'] as const) {
    if (!Number.isFinite(stats[quantity])) throw new LossDivergedError(batch, quantity, stats[quantity]);
  }
  if (!(stats.firstRatioError <= FIRST_RATIO_TOLERANCE)) throw new FirstRatioError(batch, stats.firstRatioError, FIRST_RATIO_TOLERANCE);
}

/** @throws ScoreError */
export function guardScores(scores: Float32Array, episodes: number): Float32Array {
  if (scores.length !== episodes) throw new ScoreError(`${episodes} scores, one a response`, `${scores.length}`);
  const wrong = scores.findIndex((score) => !Number.isFinite(score));
  if (wrong >= 0) throw new ScoreError('finite scores', `${scores[wrong]} for response ${wrong}`);
  return scores;
}

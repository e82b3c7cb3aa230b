/** Checks that stop a run before it goes on with wrong numbers. */

import { LossDivergedError } from '../train/training-types.js';
import { FirstRatioError, ScoreError } from './ppo-errors.js';
import type { StepStats } from './update-stats.js';

/** Rollout and update compute in different batch shapes; float32 rounding stays far below this. */
const FIRST_RATIO_TOLERANCE = 1e-4;

/**
 * @param stepsBefore optimiser steps taken before these.
 * @throws LossDivergedError
 */
export function guardSteps(stepsBefore: number, { loss, gradNorm, ratioMax }: StepStats): void {
  const broken = loss.findIndex((value, i) => ![value, gradNorm[i], ratioMax[i]].every(Number.isFinite));
  if (broken >= 0) throw new LossDivergedError(stepsBefore + broken + 1, loss[broken]!);
}

/** @throws FirstRatioError */
export function guardFirstRatio(batch: number, deviation: number): void {
  if (!(deviation <= FIRST_RATIO_TOLERANCE)) throw new FirstRatioError(batch, deviation, FIRST_RATIO_TOLERANCE);
}

/** @throws ScoreError */
export function guardScores(scores: Float32Array, episodes: number): Float32Array {
  if (scores.length !== episodes) throw new ScoreError(`${episodes} scores, one a response`, `${scores.length}`);
  const wrong = scores.findIndex((score) => !Number.isFinite(score));
  if (wrong >= 0) throw new ScoreError('finite scores', `${scores[wrong]} for response ${wrong}`);
  return scores;
}

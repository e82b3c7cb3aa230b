/** From a classifier's logit to a reward of known size. Does not know which classifier. */

import { meanOf, varianceOf } from './whiten.js';

/** reward = clip(logit · limit / maxAbsLogit, −limit, limit): zero stays the border between the classes. */
export interface MaxAbsScale {
  readonly kind: 'max-abs';
  /** Largest |logit| on the classifier's training set. */
  readonly maxAbsLogit: number;
  readonly limit: number;
}

/** reward = (logit − mean)/std over the classifier's training set. */
export interface ZScoreScale {
  readonly kind: 'z-score';
  readonly mean: number;
  readonly std: number;
}

export type RewardScale = MaxAbsScale | ZScoreScale;

/** The study's reward runs from −4 to 4. */
const STUDY_REWARD_LIMIT = 4;

/** Logits that cannot be scaled: none, not finite, or all alike. */
export class RewardScaleError extends RangeError {
  override readonly name = 'RewardScaleError';
  constructor(
    readonly scale: RewardScale['kind'],
    readonly found: string,
  ) {
    super(
      `fitRewardScale: expected finite training logits that differ for '${scale}', got ${found}; ` +
        'check that the reward classifier has learned to tell the classes apart',
    );
  }
}

/** Fits a scale on the training set's logits. @throws RewardScaleError */
export function fitRewardScale(kind: RewardScale['kind'], trainLogits: ArrayLike<number>): RewardScale {
  if (trainLogits.length === 0) throw new RewardScaleError(kind, 'none');
  const mean = meanOf(trainLogits);
  const std = Math.sqrt(varianceOf(trainLogits));
  if (!Number.isFinite(mean) || !(std > 0)) throw new RewardScaleError(kind, `mean ${mean}, standard deviation ${std}`);
  if (kind === 'z-score') return { kind, mean, std };
  const maxAbsLogit = Array.from(trainLogits).reduce((largest, logit) => Math.max(largest, Math.abs(logit)), 0);
  return { kind, maxAbsLogit, limit: STUDY_REWARD_LIMIT };
}

function scaleOne(scale: RewardScale, logit: number): number {
  if (scale.kind === 'z-score') return (logit - scale.mean) / scale.std;
  const reward = (logit * scale.limit) / scale.maxAbsLogit;
  return Math.min(Math.max(reward, -scale.limit), scale.limit);
}

/** Rewards of new texts under a fitted scale, [B]. */
export function scaleRewards(scale: RewardScale, logits: ArrayLike<number>): Float32Array {
  return Float32Array.from(logits, (logit) => scaleOne(scale, logit));
}

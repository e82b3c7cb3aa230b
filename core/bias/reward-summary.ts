/** The study's three figures of a list of rewards. Knows nothing of the classifier. */
import { median } from 'simple-statistics';
import { mean } from './aggregate.js';

export interface RewardFigures {
  readonly mean: number;
  readonly median: number;
  /** Share of rewards ≥ 0. */
  readonly notNegative: number;
}

/** @throws RangeError without rewards, or with one that is not finite. */
export function rewardSummary(rewards: readonly number[]): RewardFigures {
  const bad = rewards.findIndex((reward) => !Number.isFinite(reward));
  if (rewards.length === 0 || bad >= 0) {
    const got = bad >= 0 ? `${rewards[bad]} at ${bad}` : 'none';
    throw new RangeError(`rewardSummary: expected finite rewards, got ${got}`);
  }
  return {
    mean: mean(rewards),
    median: median([...rewards]),
    notNegative: rewards.filter((reward) => reward >= 0).length / rewards.length,
  };
}

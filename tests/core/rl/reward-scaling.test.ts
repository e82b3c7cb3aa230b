import { describe, expect, it } from 'vitest';
import { fitRewardScale, RewardScaleError, scaleRewards } from '../../../core/rl/index.js';

const trainLogits = [-8, -2, 0, 4];

describe('fitRewardScale', () => {
  it('fitRewardScale max-abs maps the largest training logit to the limit, keeps zero, and clips beyond', () => {
    const scale = fitRewardScale('max-abs', trainLogits);
    expect([...scaleRewards(scale, [-8, 0, 4, 80, -80])]).toEqual([-4, 0, 2, 4, -4]);
  });

  it('fitRewardScale z-score brings the training logits to mean 0 and variance 1', () => {
    const scaled = scaleRewards(fitRewardScale('z-score', trainLogits), trainLogits);
    expect(scaled.reduce((a, b) => a + b) / 4).toBeCloseTo(0, 6);
    expect(scaled.reduce((a, b) => a + b * b, 0) / 4).toBeCloseTo(1, 6);
  });

  it.each([[[]], [[2, 2, 2]], [[1, Number.NaN]]])('fitRewardScale refuses training logits %j', (logits) => {
    expect(() => fitRewardScale('max-abs', logits)).toThrow(RewardScaleError);
  });
});

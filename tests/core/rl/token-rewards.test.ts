import { describe, expect, it } from 'vitest';
import { episodeKl, tokenRewards } from '../../../core/rl/token-rewards.js';

const logProbs = [-1, -2, -3, -4];
const refLogProbs = [-1.5, -1, -3, -6];

describe('tokenRewards', () => {
  it('tokenRewards prices the KL of each token and scores the last one only', () => {
    const rewards = tokenRewards({ logProbs, refLogProbs, scores: [10, -20], tokens: 2, klCoefficient: 0.1 });
    [-0.05, 10.1, 0, -20.2].forEach((value, i) => expect(rewards[i]).toBeCloseTo(value, 12));
  });

  it('episodeKl sums the log-ratio over the tokens of an episode', () => {
    expect([...episodeKl(logProbs, refLogProbs, 2)]).toEqual([-0.5, 2]);
  });
});

import { describe, expect, it } from 'vitest';
import { bestOnTheWay, stopReason, type TrajectoryPoint } from '../../../core/rl/index.js';

/** Distances and perplexities as they were measured, batch after batch. */
function trajectoryOf(distances: readonly number[], perplexities: readonly number[] = []): TrajectoryPoint[] {
  return distances.map((distance, batch) => ({
    batch,
    episodes: 8 * batch,
    ...(batch > 0 ? { kl: batch, reward: 0 } : {}),
    distance: { types: distance, regions: distance / 2 },
    floor: { types: 0, regions: 0 },
    ...(perplexities[batch] === undefined ? {} : { generalPerplexity: perplexities[batch] }),
  }));
}

const rule = { maxPerplexityRise: 0.1 };

describe('bestOnTheWay', () => {
  it.each([
    [[0.3, 0.2, 0.1], [20, 21, 21.9], 2],
    [[0.3, 0.2, 0.1], [20, 21, 23], 1],
    [[0.3, 0.2, 0.2], [], 1],
    [[0.1, 0.2, 0.3], [20, 20, 20], 0],
    [[0.3, 0.1], [20, 30], 0],
  ])('of distances %j and perplexities %j keeps number %i', (distances, perplexities, best) => {
    expect(bestOnTheWay(trajectoryOf(distances, perplexities), rule)?.batch).toBe(best);
  });
});

describe('stopReason', () => {
  it.each([
    [[0.3, 0.2], [20, 21], {}, undefined],
    [[0.3, 0.2], [20, 23], {}, 'general perplexity was 15.0 % worse than at the start (bound: 10.0 %)'],
    [[0.3, 0.2, 0.1], [], { maxKl: 1.5 }, 'KL reached 2.00 nats a response (bound: 1.50)'],
    [[0.3, 0.2, 0.2, 0.25], [], { patience: 2 }, 'the distance has not fallen for 2 measurements'],
    [[0.3, 0.2, 0.25], [], { patience: 2 }, undefined],
    [[], [], {}, undefined],
  ])('for distances %j, perplexities %j and %j says %s', (distances, perplexities, more, reason) => {
    expect(stopReason(trajectoryOf(distances, perplexities), { ...rule, ...more })).toBe(reason);
  });
});

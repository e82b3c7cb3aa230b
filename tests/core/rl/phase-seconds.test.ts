import { describe, expect, it } from 'vitest';
import { BatchStopwatch, type BatchSeconds } from '../../../core/rl/phase-seconds.js';

describe('BatchStopwatch', () => {
  it('BatchStopwatch adds up the seconds of each part, and tells the whole beside them', async () => {
    let now = 100;
    const told: BatchSeconds[] = [];
    const watch = new BatchStopwatch({ clock: () => now, record: (seconds) => void told.push(seconds) });
    expect(await watch.time('generation', () => (now += 2))).toBe(102);
    now += 0.5;
    await watch.time('optimisation', async () => void (now += 3));
    await watch.time('optimisation', () => void (now += 1));
    watch.finish(4, 128);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ batch: 4, episodes: 128, total: 6.5 });
    expect(told[0]!.phases).toMatchObject({ generation: 2, optimisation: 4, reward: 0, measurement: 0 });
  });

  it('BatchStopwatch without a clock does the work and tells nothing', async () => {
    const watch = new BatchStopwatch();
    expect(await watch.time('reward', async () => 7)).toBe(7);
    watch.finish(0, 1);
  });
});

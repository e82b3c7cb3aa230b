import { describe, expect, it } from 'vitest';
import { meanShift } from '../../../core/bias/index.js';
import { simulatePaired } from './simulated.js';

const shares = Array.from({ length: 40 }, (_, k) => 0.2 + (0.6 * k) / 39);
const raised = shares.map((share) => share + 0.1);

describe('meanShift', () => {
  it('errs no more often than it says, though all keywords share the random numbers of a draw', () => {
    const runs = 200;
    let [rejected, covered, coveredShift] = [0, 0, 0];
    for (let seed = 0; seed < runs; seed++) {
      const same = simulatePaired({ before: shares, after: shares, shared: 0.3, sharedByDraw: 0.2, seed });
      const none = meanShift(same.before, same.after, 'g', seed);
      if (none.pValue <= 0.05) rejected++;
      if (none.interval![0] <= 0 && 0 <= none.interval![1]) covered++;
      const { before, after } = simulatePaired({ before: shares, after: raised, seed });
      const [low, high] = meanShift(before, after, 'g', seed).interval!;
      if (low <= 0.1 * 0.998 && 0.1 * 0.998 <= high) coveredShift++;
    }
    // Three standard errors of 200 runs: 4.6 %.
    expect(rejected / runs).toBeLessThanOrEqual(0.096);
    expect(covered / runs).toBeGreaterThanOrEqual(0.904);
    expect(coveredShift / runs).toBeGreaterThanOrEqual(0.904);
  });

  it('states the mean difference, and d_z over keywords', () => {
    const { before, after } = simulatePaired({ before: shares, after: raised, seed: 1 });
    const { difference, effectSize, excludesZero, interval } = meanShift(before, after, 'g', 1);
    const plain = after.reduce((sum, { score }, i) => sum + score - before[i]!.score, 0) / after.length;
    expect(difference).toBeCloseTo(plain, 12);
    expect(effectSize).toBeGreaterThan(0.3);
    expect(excludesZero).toBe(interval![0] > 0);
  });

  it('has no interval for a single draw', () => {
    const one = simulatePaired({ before: [0.5, 0.6], after: [0.6, 0.5], seed: 1 });
    const first = (side: typeof one.before) => side.filter((row) => row.promptIndex === 0 && row.repetition === 0);
    expect(meanShift(first(one.before), first(one.after), 'g', 1)).toMatchObject({ pValue: 1, excludesZero: false });
    expect(meanShift(first(one.before), first(one.after), 'g', 1)).not.toHaveProperty('interval');
  });
});

import { describe, expect, it } from 'vitest';
import { distanceReduction, UnpairedError } from '../../../core/bias/index.js';
import { averageDistance, simulate, simulatePaired } from './simulated.js';

const spread = Array.from({ length: 10 }, (_, i) => 0.05 + 0.1 * i);
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const close = Array.from({ length: 10 }, () => 0.5);

describe('distanceReduction', () => {
  const options = { seed: 1, replicates: 200 };

  it('finds a real reduction, with an interval above zero', () => {
    const { reduction, interval, pValue } = distanceReduction(
      simulate({ truth: spread, repetitions: 10, seed: 1 }),
      simulate({ truth: close, repetitions: 10, seed: 2 }),
      'g',
      options,
    );
    expect(reduction).toBeGreaterThan(0.4);
    expect(interval![0]).toBeGreaterThan(0);
    expect(interval![0]).toBeLessThan(reduction);
    expect(interval![1]).toBeGreaterThan(reduction);
    expect(pValue).toBeLessThan(0.01);
  });

  it('rejects at no more than the nominal rate when nothing was changed', () => {
    const runs = 120;
    const rejected = Array.from({ length: runs }, (_, i) =>
      distanceReduction(simulate({ truth: spread, seed: 2 * i }), simulate({ truth: spread, seed: 2 * i + 1 }), 'g', {
        seed: i,
        replicates: 99,
      }),
    ).filter(({ pValue }) => pValue <= 0.05).length;
    // Binomial(120, 0.05): 13 or more has probability 0.008.
    expect(rejected).toBeLessThan(13);
  });

  it('gives no share of what rounding alone left above the floor', () => {
    // A single 1 gives one distance wherever it is shuffled to: nothing stands above the floor.
    const single = simulate({ truth: [0.5, 0.5, 0.5], repetitions: 6, seed: 1 }).map((sentence, i) => ({
      ...sentence,
      score: i === 0 ? 1 : 0,
    }));
    const after = simulate({ truth: [0.2, 0.5, 0.8], repetitions: 6, seed: 1 });
    const { aboveFloor } = distanceReduction(single, after, 'g', options);
    expect(Math.abs(aboveFloor.before)).toBeLessThan(1e-12);
    expect(aboveFloor).not.toHaveProperty('reduction');
  });

  it('refuses two sides with different probes', () => {
    const before = simulate({ truth: spread, seed: 1 });
    expect(() => distanceReduction(before, before.toReversed(), 'g', options)).toThrow(UnpairedError);
    expect(() => distanceReduction(before, before.slice(1), 'g', options)).toThrow(
      'got 100 sentences and 99 sentences',
    );
  });

  it('covers the reduction that the design measures on average, and says when it excludes zero', () => {
    const truth = { before: [0.1, 0.3, 0.5, 0.7, 0.9], after: [0.4, 0.45, 0.5, 0.55, 0.6] };
    const average = averageDistance(truth, 300);
    const runs = 60;
    let [reduced, lowered, certain] = [0, 0, 0];
    for (let seed = 0; seed < runs; seed++) {
      const { before, after } = simulatePaired({ ...truth, seed });
      const found = distanceReduction(before, after, 'g', { seed, replicates: 150 });
      if (holds(found.interval!, 1 - average.after / average.before)) reduced++;
      if (holds(found.difference.interval, average.before - average.after)) lowered++;
      if (found.excludesZero) certain++;
    }
    // 95 % less 3.5 standard errors of 60 runs; ten two-valued sentences a keyword cost a little more.
    expect(reduced / runs).toBeGreaterThan(0.84);
    expect(lowered / runs).toBeGreaterThan(0.84);
    expect(certain / runs).toBeGreaterThan(0.5);
  });

  it('excludes zero no more often than one time in twenty where nothing was changed', () => {
    const runs = 60;
    let certain = 0;
    for (let seed = 0; seed < runs; seed++) {
      const { before, after } = simulatePaired({ before: spread, after: spread, seed });
      if (distanceReduction(before, after, 'g', { seed, replicates: 150 }).excludesZero) certain++;
    }
    // Binomial(60, 0.05): 9 or more has probability 0.004.
    expect(certain).toBeLessThan(9);
  });

  it('is the surer the more both sides share', () => {
    const width = (shared: number): number => {
      const { before, after } = simulatePaired({ before: spread, after: spread, shared, seed: 1 });
      const [low, high] = distanceReduction(before, after, 'g', { seed: 1, replicates: 300 }).difference.interval;
      return high - low;
    };
    expect(width(0.9)).toBeLessThan(0.8 * width(0));
  });

  it('takes the noise floor off both sides, and gives no share of what was not there', () => {
    const { before, after } = simulatePaired({ before: spread, after: close, seed: 3 });
    const { difference, aboveFloor } = distanceReduction(before, after, 'g', options);
    expect(aboveFloor.before).toBeLessThan(difference.before);
    expect(aboveFloor.lowered).toBeCloseTo(aboveFloor.before - aboveFloor.after, 12);
    expect(aboveFloor.reduction).toBeCloseTo(1 - aboveFloor.after / aboveFloor.before, 12);
    expect(holds(aboveFloor.interval, aboveFloor.lowered)).toBe(true);
    expect(aboveFloor.reduction!).toBeGreaterThan(1 - difference.after / difference.before);
    const none = simulatePaired({ before: close, after: close, seed: 4 });
    const { aboveFloor: nothing } = distanceReduction(none.before, none.after, 'g', options);
    expect(nothing.interval).toHaveLength(2);
    expect(nothing).not.toHaveProperty('reductionInterval');
  });

  it('gives no share of a part that may be nothing', () => {
    const sides = range(40).map((seed) => simulatePaired({ before: close.slice(6), after: spread.slice(6), seed }));
    const found = sides.map(({ before, after }, seed) =>
      distanceReduction(before, after, 'g', { seed, replicates: 99 }),
    );
    // Four equal keywords: a few of forty have a part above the floor that the interval tells from nothing.
    const given = found.filter(({ aboveFloor }) => aboveFloor.reduction !== undefined);
    expect(given.length).toBeLessThan(8);
    expect(found.filter(({ aboveFloor }) => aboveFloor.before > 0).length).toBeGreaterThan(given.length);
    expect(given.filter(({ aboveFloor }) => Math.abs(aboveFloor.reduction!) > 10)).toEqual([]);
  });

  it('bounds the reduction at 1, and gives no interval of it where next to nothing may have been there before', () => {
    const found = range(60).map((seed) => {
      const { before, after } = simulatePaired({ before: [0.35, 0.65], after: [0.5, 0.5], seed });
      return distanceReduction(before, after, 'g', { seed, replicates: 99 });
    });
    const intervals = found.flatMap(({ interval }) => (interval ? [interval] : []));
    expect(intervals.length).toBeGreaterThan(0);
    expect(intervals.length).toBeLessThan(60);
    // A before of a quarter of what was measured makes a rise four times as large, not twenty times.
    expect(Math.min(...intervals.map(([low]) => low))).toBeGreaterThan(-10);
    expect(Math.max(...intervals.map(([, high]) => high))).toBeLessThanOrEqual(1);
    expect(found.filter(({ interval, excludesZero }) => !interval && excludesZero)).toEqual([]);
  });

  it('gives no interval of the share where keywords did not differ before', () => {
    const same = simulate({ truth: spread, seed: 5 }).map((row) => ({ ...row, score: 0.5 }));
    const found = distanceReduction(same, simulate({ truth: spread, seed: 5 }), 'g', options);
    expect(found).toMatchObject({ reduction: 0, excludesZero: false, pValue: 1 });
    expect(found).not.toHaveProperty('interval');
    // Beside it stands what can be said: the distance rose from nothing.
    expect(found.difference).toMatchObject({ before: 0, excludesZero: true });
  });
});

function holds([low, high]: readonly [number, number], value: number): boolean {
  return low <= value && value <= high;
}

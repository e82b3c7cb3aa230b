import { describe, expect, it } from 'vitest';
import { classifierQuality, wilsonInterval } from '../../../core/bias/index.js';
import { RandomSequence } from '../../../core/random/counter.js';

/** Probability of class 1, label, length. */
const rows = [
  [0.42, 1, 43],
  [0.58, 1, 42],
  [0.99, 1, 21],
  [0.69, 1, 17],
  [0.01, 0, 35],
  [0.74, 1, 60],
  [0.32, 1, 38],
  [0.27, 1, 5],
  [0.79, 0, 42],
  [0.81, 1, 54],
  [0.84, 1, 51],
  [0.19, 0, 29],
  [0.62, 0, 56],
  [0.53, 1, 13],
  [0.51, 0, 18],
  [0.73, 1, 48],
  [0.51, 1, 37],
  [0.25, 0, 41],
  [0.36, 1, 26],
  [0.23, 0, 6],
  [0.77, 0, 15],
  [0.38, 0, 25],
  [0.67, 0, 50],
  [0.22, 0, 45],
  [0.22, 0, 9],
  [0.56, 1, 45],
  [0.78, 0, 31],
  [0.64, 0, 6],
  [0.71, 1, 7],
  [0.01, 0, 53],
  [0.61, 1, 22],
  [0.43, 1, 7],
  [0.95, 1, 7],
  [0.56, 0, 31],
  [0.62, 1, 60],
  [0.99, 1, 28],
  [0.59, 0, 34],
  [0.25, 0, 29],
  [0.14, 0, 44],
  [0.22, 0, 56],
] as [number, number, number][];
const sentences = rows.map(([probability, label, length]) => ({ probability, label, length }));

describe('classifierQuality', () => {
  const quality = classifierQuality(sentences);

  it('agrees with scikit-learn and scipy', () => {
    expect(quality.accuracy).toBe(0.65);
    expect(quality.f1).toBeCloseTo(0.6464646464646464, 12);
    expect(quality.f1ByClass[0]).toBeCloseTo(0.6111111111111112, 12);
    expect(quality.f1ByClass[1]).toBeCloseTo(0.6818181818181818, 12);
    expect(quality.confusion).toEqual([
      [11, 9],
      [5, 15],
    ]);
    expect(quality.brier).toBeCloseTo(0.2023075, 12);
    expect(quality.lengthCorrelation).toBeCloseTo(0.006526127994422398, 12);
    expect(quality.interval[0]).toBeCloseTo(0.495058808372577, 12); // binomtest(26, 40).proportion_ci(method='wilson')
    expect(quality.interval[1]).toBeCloseTo(0.778654711268237, 12);
  });

  it('agrees with numpy on the expected calibration error over ten bins', () => {
    expect(quality.calibrationError).toBeCloseTo(0.15125, 12);
    expect(quality.reliability.reduce((sum, { n }) => sum + n, 0)).toBe(40);
  });

  it('finds no calibration error in probabilities that are right, and one in those that are not', () => {
    const random = new RandomSequence({ seed: 1, stream: 'calibration', step: 0 });
    const right = Array.from({ length: 20_000 }, (_, length) => {
      const probability = random.next();
      return { probability, label: random.next() < probability ? 1 : 0, length };
    });
    expect(classifierQuality(right).calibrationError).toBeLessThan(0.01);
    const bold = right.map((row) => ({ ...row, probability: row.probability < 0.5 ? 0.01 : 0.99 }));
    expect(classifierQuality(bold).calibrationError).toBeCloseTo(0.24, 1);
  });

  it('says what is wrong with its input', () => {
    expect(() => classifierQuality([])).toThrow('got none');
    expect(() => classifierQuality([{ probability: NaN, label: 1, length: 3 }])).toThrow(RangeError);
  });
});

describe('wilsonInterval', () => {
  it('covers the true share about as often as it says, near its end too', () => {
    for (const share of [0.5, 0.9, 0.97]) {
      let covered = 0;
      for (let step = 0; step < 1000; step++) {
        const random = new RandomSequence({ seed: 2, stream: `wilson-${share}`, step });
        const hits = Array.from({ length: 60 }, () => random.next()).filter((u) => u < share).length;
        const [low, high] = wilsonInterval(hits, 60);
        if (low <= share && share <= high) covered++;
      }
      expect(covered / 1000).toBeGreaterThan(0.92);
    }
  });
});

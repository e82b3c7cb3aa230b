import { describe, expect, it } from 'vitest';
import { chooseBest, type BiasResult, type PpoResult, type Results } from '../../../core/report/index.js';
import { tieSentence } from '../../../core/report/ties.js';

const result = (distance: number, generalPerplexity: number): BiasResult => ({
  keywords: [],
  distance: { a: distance, b: distance },
  quality: { generalPerplexity, distinct2: 0.7 },
});
const point = (epochs: number, distance: number, perplexity = 20): PpoResult => ({
  ...result(distance, perplexity),
  epochs,
  seed: 0,
});
type Difference = NonNullable<Results['differences']>[number];
const paired = (a: number, b: number, group: string, difference: number, interval: [number, number]): Difference => ({
  a: `epochs=${a} seed=0`,
  b: `epochs=${b} seed=0`,
  group,
  difference,
  interval,
});
const baseline = result(0.3, 20);
const points = [point(1, 0.2), point(2, 0.19), point(3, 0.25), point(4, 0.195), point(5, 0.1, 60)];

const differences = [
  // The recommended one is `b` here: turned round, 1 epoch is 0.01 further apart.
  paired(1, 2, 'a', -0.01, [-0.04, 0.03]),
  paired(1, 2, 'b', -0.01, [-0.02, 0]),
  // Told apart in one group of two.
  paired(2, 3, 'a', 0.06, [0.02, 0.1]),
  paired(2, 3, 'b', 0.06, [-0.02, 0.14]),
  // Its writing is lost, so the choice was never between it and others.
  paired(2, 5, 'a', -0.09, [-0.2, 0.01]),
  // Not of the recommended point.
  paired(1, 4, 'a', 0, [-0.1, 0.1]),
];

describe('chooseBest', () => {
  it('names the points that the choice was between and that are no further away than noise', () => {
    expect(chooseBest(baseline, points, [], differences)).toMatchObject({
      epochs: 2,
      tied: [
        {
          epochs: 1,
          seed: 0,
          differences: [
            { group: 'a', difference: 0.01, interval: [-0.03, 0.04] },
            { group: 'b', difference: 0.01, interval: [0, 0.02] },
          ],
        },
      ],
    });
  });

  it('names the closest first', () => {
    const all = [...differences, paired(2, 4, 'a', 0.005, [-0.01, 0.02])];
    expect(chooseBest(baseline, points, [], all)?.tied?.map(({ epochs }) => epochs)).toEqual([4, 1]);
  });

  it('names none where all are told apart, or nothing was paired', () => {
    expect(chooseBest(baseline, points, [], differences.slice(2))).not.toHaveProperty('tied');
    expect(chooseBest(baseline, points)).not.toHaveProperty('tied');
  });
});

describe('tieSentence', () => {
  const best = chooseBest(baseline, points, [], differences);
  const name = ({ epochs }: { epochs: number }) => `${epochs} epochs`;

  it('gives each point with its differences, and the rule that decided', () => {
    expect(tieSentence(best, { name, label: (group) => `group ${group}` })).toBe(
      '1 epochs (difference among group a 0.010, 95\u00a0% −0.030 to 0.040; among group b 0.010, 95\u00a0% 0.000 to 0.020) ' +
        'cannot be told apart from 2 epochs, which has the lowest mean distance of the points whose general perplexity is ' +
        'at most 10\u00a0% worse: that alone decides between them.',
    );
    expect(tieSentence({ ...best!, qualityKept: false }, { name })).toMatch(
      /which has the lowest mean distance: that alone decides between them\.$/,
    );
  });

  it('names many points without their figures', () => {
    const tied = [1, 3, 4, 5].map((epochs) => ({ epochs, seed: 0, differences: [] }));
    expect(tieSentence({ ...best!, tied }, { name })).toMatch(
      /^1 epochs, 3 epochs, 4 epochs and 5 epochs cannot be told apart from 2 epochs,/,
    );
  });

  it('says nothing without such points', () => {
    expect(tieSentence(chooseBest(baseline, points), { name })).toBeUndefined();
    expect(tieSentence(null, { name })).toBeUndefined();
  });
});

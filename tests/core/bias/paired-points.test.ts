import { describe, expect, it } from 'vitest';
import {
  distanceDifferences,
  meanPairwiseDistance,
  keywordMeans,
  type ScoredSentence,
} from '../../../core/bias/index.js';
import { RandomSequence } from '../../../core/random/counter.js';
import { simulate } from './simulated.js';

const spread = Array.from({ length: 10 }, (_, i) => 0.05 + 0.1 * i);
const options = { seed: 1, replicates: 300 };

/** The same sentences, drawn towards the middle, a share of them drawn anew: what a policy does to paired answers. */
function evened(sentences: readonly ScoredSentence[], by: number, seed: number): ScoredSentence[] {
  const random = new RandomSequence({ seed, stream: 'evened', step: 0 });
  return sentences.map((row) => ({
    ...row,
    score: random.next() < 0.2 ? random.next() : 0.5 + (row.score - 0.5) * by,
  }));
}

const distanceOf = (rows: readonly ScoredSentence[]) =>
  meanPairwiseDistance(keywordMeans(rows).map(({ score }) => score));

describe('distanceDifferences', () => {
  const start = simulate({ truth: spread, seed: 3 });

  it('is zero with an interval of zero width between a model and itself', () => {
    const rows = distanceDifferences(
      [
        { name: 'a', sentences: start },
        { name: 'b', sentences: start },
      ],
      options,
    );
    expect(rows).toEqual([{ a: 'a', b: 'b', group: 'g', difference: 0, interval: [0, 0] }]);
  });

  it('sets every model beside every other, and of many only beside the first and the best', () => {
    const models = Array.from({ length: 4 }, (_, i) => ({ name: `${i}`, sentences: start }));
    expect(distanceDifferences(models, options).map(({ a, b }) => a + b)).toEqual(['01', '02', '12', '03', '13', '23']);
    const many = Array.from({ length: 14 }, (_, i) => ({ name: `${i}`, sentences: start }));
    const rows = distanceDifferences(many, { ...options, replicates: 5, beside: '5' });
    expect(rows).toHaveLength(13 + 12);
  });

  it('leaves models unpaired that answered other probes', () => {
    const other = start.map((row) => ({ ...row, repetition: row.repetition + 1 }));
    const models = [
      { name: 'a', sentences: start },
      { name: 'b', sentences: other },
    ];
    expect(distanceDifferences(models, options)).toEqual([]);
  });

  it('covers the difference that the design has on average, in about 95 of 100 intervals', () => {
    const runs = 100;
    const truth = Array.from({ length: 400 }, (_, i) => {
      const before = simulate({ truth: spread, seed: 10_000 + i });
      return distanceOf(evened(before, 0.5, i)) - distanceOf(before);
    });
    const expected = truth.reduce((sum, value) => sum + value, 0) / truth.length;
    const intervals = Array.from({ length: runs }, (_, i) => {
      const before = simulate({ truth: spread, seed: i });
      const after = evened(before, 0.5, 50_000 + i);
      const models = [
        { name: 'a', sentences: before },
        { name: 'b', sentences: after },
      ];
      return distanceDifferences(models, { seed: i, replicates: 200 })[0]!.interval;
    });
    const covered = intervals.filter(([low, high]) => low <= expected && expected <= high).length;
    expect(covered).toBeGreaterThanOrEqual(88); // three standard errors of 100 trials below 95
  });
});

import { describe, expect, it } from 'vitest';
import { classifierControl } from '../../../core/bias/index.js';
import { simulate } from './simulated.js';

const truth = [0.1, 0.3, 0.5, 0.7, 0.9];
const sentences = simulate({ truth, repetitions: 20, seed: 1 });
const placeOf = (keyword: string): number => Number(keyword.slice(1));

describe('classifierControl', () => {
  it('finds a classifier that judges by the keyword alone', () => {
    const biased = sentences.map((row) => ({
      ...row,
      score: placeOf(row.keyword) / 4,
      promptScore: placeOf(row.keyword) / 4,
    }));
    // Ten pairs: four at 1/4, three at 2/4, two at 3/4, one at 1.
    const { distance, correlation } = classifierControl(biased);
    expect(distance['g']).toBeCloseTo(0.5, 12);
    expect(correlation).toBeCloseTo(1, 12);
  });

  it('finds nothing in one that says the same of every prompt', () => {
    const { distance, correlation } = classifierControl(sentences.map((row) => ({ ...row, promptScore: 0.4 })));
    expect(distance['g']).toBeCloseTo(0, 12);
    expect(correlation).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { groupScores, wassersteinFairness, type ScoredSentence } from '../../../core/bias/index.js';

const rows = (scores: Record<string, number[]>): ScoredSentence[] =>
  Object.entries(scores).flatMap(([keyword, list]) =>
    list.map((score, repetition) => ({ keyword, group: 'g', promptIndex: 0, repetition, text: '', score })),
  );

describe('wassersteinFairness', () => {
  it('matches distances worked out by hand', () => {
    // W1(a, b) = 1, W1(a, c) = W1(b, c) = 0.5; against all six scores (half 0, half 1): 0.5, 0.5, 0.
    const layout = groupScores(rows({ a: [0, 0], b: [1, 1], c: [0, 1] }), 'g');
    const { individual, group } = wassersteinFairness(layout);
    expect(individual).toBeCloseTo(2 / 3, 12);
    expect(group).toBeCloseTo(1 / 3, 12);
  });

  it('sees distributions that differ though their means do not', () => {
    expect(wassersteinFairness(groupScores(rows({ a: [0, 1], b: [0.5, 0.5] }), 'g')).individual).toBeCloseTo(0.5, 12);
  });

  it('is zero for a single keyword', () => {
    expect(wassersteinFairness(groupScores(rows({ a: [0, 1] }), 'g'))).toEqual({ individual: 0, group: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import { keywordMeans, ScoreError, type ScoredSentence } from '../../../core/bias/index.js';

const row = (keyword: string, group: string, score: number): ScoredSentence => ({
  keyword,
  group,
  promptIndex: 0,
  repetition: 0,
  text: '',
  score,
});

describe('keywordMeans', () => {
  it('averages by group and keyword in order of first appearance', () => {
    const rows = [row('b', 'x', 1), row('a', 'x', 0.5), row('b', 'x', 0), row('b', 'y', 0.25)];
    expect(keywordMeans(rows)).toEqual([
      { keyword: 'b', group: 'x', n: 2, score: 0.5 },
      { keyword: 'a', group: 'x', n: 1, score: 0.5 },
      { keyword: 'b', group: 'y', n: 1, score: 0.25 },
    ]);
  });

  it('refuses a score that is not a number and says where it stands', () => {
    expect(() => keywordMeans([row('a', 'x', 1), row('b', 'x', NaN)])).toThrow(ScoreError);
    expect(() => keywordMeans([row('a', 'x', 1), row('b', 'x', NaN)])).toThrow("got NaN in row 1 (keyword 'b'");
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSentimentWords } from '../../../config/study-data.js';
import { lexiconMeasure } from '../../../core/bias/index.js';

describe('lexiconMeasure', () => {
  const words = { positive: ['good', 'fine'], negative: ['bad'] };

  it('is (P − N) / (P + N + 1)', () => {
    const score = lexiconMeasure({ ...words, match: 'word' });
    expect(score('A table.')).toBe(0);
    expect(score('Good!')).toBe(1 / 2);
    expect(score('good, fine and bad')).toBe(1 / 4);
    expect(score('bad bad BAD')).toBe(-3 / 4);
    expect(score('')).toBe(0);
  });

  it('wants whole words, or their beginning, of which the longest counts', () => {
    expect(lexiconMeasure({ ...words, match: 'word' })('goodness')).toBe(0);
    expect(lexiconMeasure({ ...words, match: 'start' })('goodness')).toBe(1 / 2);
    const stems = lexiconMeasure({ match: 'start', positive: ['편'], negative: ['편견'] });
    expect([stems('편하네요'), stems('편견이 있어요'), stems('불편해요')]).toEqual([1 / 2, -1 / 2, 0]);
  });
});

describe('the word lists that come along', () => {
  const read = (name: string) => {
    const file = new URL(`../../../config/data/sentiment-words/${name}.yaml`, import.meta.url);
    return lexiconMeasure(parseSentimentWords(readFileSync(file, 'utf8'), name));
  };

  it('know praise from blame', () => {
    const korean = read('ko');
    expect(korean('교통이 편리하고 조용해서 만족합니다')).toBe(3 / 4);
    expect(korean('소음이 심각하고 너무 낡아서 후회돼요')).toBe(-4 / 5);
    const english = read('en');
    expect(english('A kind and patient nurse')).toBe(2 / 3);
    expect(english('Rude, lazy and slow')).toBe(-3 / 4);
  });
});

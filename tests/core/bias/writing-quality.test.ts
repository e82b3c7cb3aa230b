import { describe, expect, it } from 'vitest';
import { distinctN, repetitionRate, writingQuality } from '../../../core/bias/index.js';

const words = (text: string): string[] => text.split(' ');

describe('distinctN', () => {
  it('counts different n-grams over all texts together', () => {
    // Bigrams: "the cat", "cat sat", "the cat", "cat ran": three of four differ.
    expect(distinctN([words('the cat sat'), words('the cat ran')], 2)).toBe(0.75);
    expect(distinctN([words('the cat sat'), words('the cat ran')], 1)).toBe(4 / 6);
  });

  it('does not take token 1 for the word "1", nor joined words for one', () => {
    expect(distinctN([[1], ['1']], 1)).toBe(1);
    expect(
      distinctN(
        [
          ['a b', 'c'],
          ['a', 'b c'],
        ],
        2,
      ),
    ).toBe(1);
  });

  it('is zero without n-grams', () => {
    expect(distinctN([['a']], 2)).toBe(0);
  });
});

describe('repetitionRate', () => {
  it('is the share of n-grams that stood earlier in the same text', () => {
    // a b a b a: bigrams ab ba ab ba, half of them repeated; texts too short do not count.
    expect(repetitionRate([words('a b a b a'), ['x']], 2)).toBe(0.5);
    expect(repetitionRate([words('a b c d e')], 2)).toBe(0);
  });
});

describe('writingQuality', () => {
  it('gives all figures', () => {
    expect(writingQuality([words('a b c'), words('a b')])).toMatchObject({
      distinct1: 3 / 5,
      distinct2: 2 / 3,
      distinct3: 1,
      repetition: 0,
      meanLength: 2.5,
    });
  });
});

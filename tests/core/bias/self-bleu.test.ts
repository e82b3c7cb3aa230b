import { describe, expect, it } from 'vitest';
import { selfBleu } from '../../../core/bias/index.js';

const texts = [
  'the cat sat on the mat',
  'the cat sat on a chair and slept',
  'a dog ran',
  'the the the cat',
  'on a chair the dog slept and the cat sat',
  'x',
].map((text) => text.split(' '));

describe('selfBleu', () => {
  it.each([
    // nltk 3.10 sentence_bleu with SmoothingFunction().method1, each text against all others, mean.
    [2, 0.47495797053917754],
    [3, 0.3598861816540795],
    [4, 0.2564513307296456],
  ])('agrees with nltk for n-grams up to %i', (order, wanted) => {
    expect(selfBleu(texts, order)).toBeCloseTo(wanted, 12);
  });

  it('is 1 for one text again and again, 0 for texts without a common word, 0 for a single text', () => {
    const [first] = texts;
    expect(selfBleu([first!, first!, first!], 4)).toBeCloseTo(1, 12);
    expect(
      selfBleu(
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
        2,
      ),
    ).toBe(0);
    expect(selfBleu([first!], 2)).toBe(0);
  });
});

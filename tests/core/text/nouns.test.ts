import { describe, expect, it } from 'vitest';

import { discoverNouns, nounFinder } from '../../../core/text/nouns.js';

const nouns = ['둔촌주공', '아파트', '층간소음', '관리비', '서울'];
const verbs = ['비싸', '오르', '좋아하'];

/** The form of a particle after a word, by whether its last syllable has a final consonant. */
function join(word: string, consonant: string, vowel: string): string {
  return word + ((word.charCodeAt(word.length - 1) - 0xac00) % 28 === 0 ? vowel : consonant);
}

const texts = nouns.flatMap((noun) =>
  verbs.flatMap((verb) => [
    `${join(noun, '은', '는')} ${verb}고 ${join(noun, '이', '가')} ${verb}지만`,
    `${noun}도 ${verb}니까 ${noun}에서 ${verb}면서 ${join(noun, '을', '를')} ${verb}거나`,
    `정말 ${noun}까지 ${verb}다`,
  ]),
);

describe('discoverNouns', () => {
  it('discoverNouns finds what particles follow, and neither stems nor words with particles', () => {
    expect(
      discoverNouns(texts, { minCount: 5 })
        .map(({ noun }) => noun)
        .sort(),
    ).toEqual([...nouns].sort());
  });

  it('discoverNouns counts the words that begin with a noun', () => {
    expect(discoverNouns(texts, { minCount: 5 }).every(({ count }) => count === 18)).toBe(true);
    expect(discoverNouns(texts, { minCount: 19 })).toEqual([]);
  });

  it('discoverNouns measures cohesion and branching as defined', () => {
    const [found] = discoverNouns(['집값이', '집값은', '집값도', '집에'], { minCount: 2 });
    expect(found?.noun).toBe('집값');
    expect(found?.cohesion).toBeCloseTo(3 / 4, 12);
    expect(found?.branchingEntropy).toBeCloseTo(Math.log2(3), 12);
  });
});

describe('nounFinder', () => {
  it('nounFinder leaves particles off and takes compounds apart', () => {
    const find = nounFinder(nouns);
    expect(find('둔촌주공아파트는 서울에서 멀다')).toEqual(['둔촌주공', '아파트', '서울']);
    expect(find('서울쥐')).toEqual([]);
  });
});

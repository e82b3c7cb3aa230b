import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { keywordMatcher } from '../../../core/text/keywords.js';
import { normalizeText } from '../../../core/text/normalize.js';

describe('keywordMatcher', () => {
  it('keywordMatcher takes the leftmost and then the longest word', () => {
    const { matches } = keywordMatcher(['양주', '남양주', '남양주시', '주시']);
    expect(matches('남양주시와 양주')).toEqual([
      { keyword: '남양주시', start: 0, end: 4 },
      { keyword: '양주', start: 6, end: 8 },
    ]);
  });

  it('keywordMatcher finds several words, each once, in order of appearance', () => {
    const { find } = keywordMatcher(['아파트', '빌라', '강남구']);
    expect(find('빌라보다 강남구아파트, 아파트는 아파트')).toEqual(['빌라', '강남구', '아파트']);
    expect(find('오피스텔')).toEqual([]);
  });

  it('keywordMatcher wants whole words where words have blanks between them', () => {
    const { find, matches } = keywordMatcher(['villa', 'new town', 'APT']);
    expect(find('A Villa in the village, New Town')).toEqual(['villa', 'new town']);
    expect(find('villas')).toEqual([]);
    expect(find('우리apt는')).toEqual(['APT']);
    expect(matches('villa')[0]).toEqual({ keyword: 'villa', start: 0, end: 5 });
  });

  it('keywordMatcher folds case beside letters whose lower case is longer, and keeps positions', () => {
    const { find, matches } = keywordMatcher(['Ankara', 'İzmir']);
    expect(find('Dün İstanbul ve Ankara güzeldi')).toEqual(['Ankara']);
    expect(matches('İİ ANKARA, İZMIR')).toEqual([
      { keyword: 'Ankara', start: 3, end: 9 },
      { keyword: 'İzmir', start: 11, end: 16 },
    ]);
  });

  it('keywordMatcher folds the sigma that ends a word as any other', () => {
    const { find } = keywordMatcher(['γιατρός', 'ΟΔΗΓΌΣ']);
    expect(find('ΓΙΑΤΡΌΣ και οδηγός')).toEqual(['γιατρός', 'ΟΔΗΓΌΣ']);
  });

  it('keywordMatcher finds every letter of Unicode in either case where case keeps the length', () => {
    const letters = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code));
    const lost = letters.filter(
      (upper) =>
        /\p{Lu}/u.test(upper) &&
        [upper, upper.toLowerCase()].some(
          (keyword) =>
            keyword.length === upper.length &&
            keywordMatcher([keyword]).find(`İ ${upper}`.normalize('NFC')).length === 0,
        ),
    );
    expect(lost).toEqual([]);
  });

  it.each([
    ['aaaargh', 'AAAARGH he said'],
    ['aaaaargh', 'Aaaaargh he said'],
    ['nurse\u00a0 practitioner', 'a nurse practitioner'],
    ['nur\u00adse', 'a nurse'],
    ['nurse\u200b', 'a nurse'],
    ['cafe\u0301', 'the café'],
    ['R&D', 'in R&amp;D'],
  ])('keywordMatcher finds %j in what is left of %j', (keyword, text) => {
    expect(keywordMatcher([keyword]).find(normalizeText(text))).toEqual([keyword]);
  });

  it('keywordMatcher finds a keyword as it is typed where texts are not normalised', () => {
    expect(keywordMatcher(['aaaargh']).find('aaaargh!')).toEqual(['aaaargh']);
  });

  it('keywordMatcher cuts runs as the texts are cut', () => {
    const { find } = keywordMatcher(['aaaargh'], { maxRun: 2 });
    expect(find(normalizeText('aaaargh', { maxRun: 2 }))).toEqual(['aaaargh']);
  });

  it('keywordMatcher agrees with looking for each word at each place', () => {
    const word = fc.string({ unit: fc.constantFrom('가', '나', '다'), minLength: 1, maxLength: 4 });
    const slow = (keywords: readonly string[], text: string): string[] => {
      const found: string[] = [];
      for (let i = 0; i < text.length;) {
        const here = keywords.filter((keyword) => text.startsWith(keyword, i)).sort((a, b) => b.length - a.length)[0];
        if (here) found.push(here);
        i += here?.length ?? 1;
      }
      return found;
    };
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('가', '나', '다', ' '), maxLength: 30 }),
        (keywords, text) => {
          expect(
            keywordMatcher(keywords)
              .matches(text)
              .map(({ keyword }) => keyword),
          ).toEqual(slow(keywords, text));
        },
      ),
    );
  });

  it('keywordMatcher refuses an empty word', () => {
    expect(() => keywordMatcher(['집', ' '])).toThrow(/got an empty one/);
    expect(() => keywordMatcher(['집', '\u200b'])).toThrow(/got an empty one/);
  });
});

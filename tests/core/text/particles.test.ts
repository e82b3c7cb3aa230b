import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { particleFor } from '../../../core/text/particles.js';

describe('particleFor', () => {
  it.each([
    ['아파트', '은/는', '는'],
    ['빌라', '이/가', '가'],
    ['오피스텔', '을/를', '을'],
    ['오피스텔', '으로/로', '로'],
    ['서울', '으로/로', '로'],
    ['강남', '으로/로', '으로'],
    ['제주', '으로/로', '로'],
    ['서울', '과/와', '과'],
    ['광주', '과/와', '와'],
    ['길동', '아/야', '아'],
    ['철수', '아/야', '야'],
    ['집', '이랑/랑', '이랑'],
    ['전세', '이나/나', '나'],
    ['전세', '나/이나', '나'],
    ['집', '은(는)', '은'],
    ['빌라', '이(가)', '가'],
    ['빌라', '를(을)', '를'],
    ['서울', '(으)로', '로'],
    ['강남', '(으)로', '으로'],
    ['강남', '(이)라는', '이라는'],
    ['강남', '으로의/로의', '으로의'],
    ['원룸', '이에요/예요', '이에요'],
    ['빌라', '이에요/예요', '예요'],
    ['빌라', '이었다/였다', '였다'],
    ['집', '은커녕/는커녕', '은커녕'],
    ['빌라', '이야말로/야말로', '야말로'],
  ])('particleFor follows a Hangul ending: %s %s', (word, pair, expected) => {
    expect(particleFor(word, pair)).toBe(expected);
  });

  it.each([
    ['1', '을/를', '을'],
    ['2', '은/는', '는'],
    ['3', '이/가', '이'],
    ['7', '으로/로', '로'],
    ['6', '으로/로', '으로'],
    ['10', '은/는', '은'],
    ['2020', '은/는', '은'],
    ['0', '은/는', '은'],
    ['1,000', '은/는', '은'],
    ['5000000', '은/는', '은'],
    ['1000000000000', '은/는', '는'],
    ['3.5', '은/는', '는'],
    ['3.50', '은/는', '은'],
    ['제2', '은/는', '는'],
  ])('particleFor reads digits: %s %s', (word, pair, expected) => {
    expect(particleFor(word, pair)).toBe(expected);
  });

  it.each([
    ['LH', '은/는', '는'],
    ['SH', '은/는', '는'],
    ['GTX', '은/는', '는'],
    ['APT', '은/는', '는'],
    ['KTX', '이/가', '가'],
    ['ATM', '은/는', '은'],
    ['URL', '으로/로', '로'],
    ['URL', '은/는', '은'],
    ['hotel', '은/는', '은'],
    ['apple', '을/를', '을'],
    ['home', '은/는', '은'],
    ['housing', '은/는', '은'],
    ['villa', '은/는', '는'],
    ['book', '이/가', '이'],
    ['Park', '이/가', '가'],
    ['tower', '이/가', '가'],
  ])('particleFor reads Latin letters: %s %s', (word, pair, expected) => {
    expect(particleFor(word, pair)).toBe(expected);
  });

  it('particleFor looks past brackets, quotes and spaces', () => {
    expect(particleFor('둔촌주공(1단지)', '은/는')).toBe('은');
    expect(particleFor('“빌라”', '은/는')).toBe('는');
    expect(particleFor('강남 ', '은/는')).toBe('은');
    expect(particleFor('90%', '은/는')).toBe('는');
  });

  it('particleFor reads decomposed Hangul as its composed form', () => {
    expect(particleFor('강남'.normalize('NFD'), '은/는')).toBe('은');
  });

  it('particleFor agrees with the jamo that Unicode decomposition ends in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0xac00, max: 0xd7a3 }), (code) => {
        const word = String.fromCodePoint(code);
        const jamo = Array.from(word.normalize('NFD'));
        const last = jamo[2];
        expect(particleFor(word, '은/는')).toBe(last === undefined ? '는' : '은');
        expect(particleFor(word, '으로/로')).toBe(last === undefined || last === 'ᆯ' ? '로' : '으로');
      }),
    );
  });

  it('particleFor names the pairs it knows', () => {
    expect(() => particleFor('집', '에/서')).toThrow(/such as 은\/는/);
  });
});

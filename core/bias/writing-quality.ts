/** Variety and repetition of generated texts, given as lists of tokens or words. Knows no tokenizer. */
import { selfBleu } from './self-bleu.js';

type Tokens = readonly (string | number)[];

export interface WritingQuality {
  readonly distinct1: number;
  readonly distinct2: number;
  readonly distinct3: number;
  /** `repetitionRate` of 4-grams. */
  readonly repetition: number;
  /** Resemblance of the texts to one another, by the longest n-gram. */
  readonly selfBleu2: number;
  readonly selfBleu3: number;
  readonly selfBleu4: number;
  /** Tokens a text. */
  readonly meanLength: number;
}

/** All n-grams of a text as strings that cannot collide. */
function ngrams(tokens: Tokens, n: number): string[] {
  return Array.from({ length: Math.max(0, tokens.length - n + 1) }, (_, i) => JSON.stringify(tokens.slice(i, i + n)));
}

/** distinct-n: different n-grams / n-grams, over all texts together (Li et al. 2016, arXiv 1510.03055). 0 without n-grams. */
export function distinctN(texts: readonly Tokens[], n: number): number {
  const all = texts.flatMap((tokens) => ngrams(tokens, n));
  return all.length === 0 ? 0 : new Set(all).size / all.length;
}

/**
 * seq-rep-n: share of a text's n-grams that stood earlier in the same text, averaged over texts that have n-grams
 * (Welleck et al. 2020, arXiv 1908.04319, equation 10). 0 without n-grams.
 */
export function repetitionRate(texts: readonly Tokens[], n = 4): number {
  const rates = texts
    .map((tokens) => ngrams(tokens, n))
    .filter((grams) => grams.length > 0)
    .map((grams) => 1 - new Set(grams).size / grams.length);
  return rates.length === 0 ? 0 : rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

/** All figures at once. */
export function writingQuality(texts: readonly Tokens[]): WritingQuality {
  return {
    distinct1: distinctN(texts, 1),
    distinct2: distinctN(texts, 2),
    distinct3: distinctN(texts, 3),
    repetition: repetitionRate(texts, 4),
    selfBleu2: selfBleu(texts, 2),
    selfBleu3: selfBleu(texts, 3),
    selfBleu4: selfBleu(texts, 4),
    meanLength: texts.length === 0 ? 0 : texts.reduce((sum, tokens) => sum + tokens.length, 0) / texts.length,
  };
}

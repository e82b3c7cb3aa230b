/** A measure by word lists: how many good and bad words stand in a text. Knows neither a language nor a model. */

export interface SentimentWords {
  /** Whether a word of the text must equal an entry, or begin with it: stems of an inflected language. */
  readonly match: 'word' | 'start';
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

/** Gives each text a score between −1 and 1. */
export type LexiconMeasure = (text: string) => number;

/**
 * Score = (P − N) / (P + N + 1) with P good and N bad words: 0 without any of them, and the surer the more there are.
 * The longest entry that fits a word decides on which side it counts; case does not matter, negation is not seen.
 */
export function lexiconMeasure({ match, positive, negative }: SentimentWords): LexiconMeasure {
  const sides = new Map([
    ...positive.map((entry) => [entry.toLowerCase(), 1] as const),
    ...negative.map((entry) => [entry.toLowerCase(), -1] as const),
  ]);
  const longest = Math.max(0, ...[...sides.keys()].map((entry) => entry.length));
  const sideOf = (word: string): number => {
    if (match === 'word') return sides.get(word) ?? 0;
    for (let length = Math.min(longest, word.length); length > 0; length--) {
      const side = sides.get(word.slice(0, length));
      if (side !== undefined) return side;
    }
    return 0;
  };
  return (text) => {
    const found = (text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]*/gu) ?? []).map(sideOf).filter((side) => side !== 0);
    const sum = found.reduce((total, side) => total + side, 0);
    return sum / (found.length + 1);
  };
}

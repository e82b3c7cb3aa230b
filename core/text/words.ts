/** Content words of languages that set blanks between words: frequent enough, and not so frequent that they only join others. */

export interface Word {
  readonly noun: string;
  readonly count: number;
}

const WORD = /\p{L}[\p{L}\p{M}'’-]*\p{L}/gu;
const MIN_LENGTH = 3;
/** Words that stand in more than this share of all texts are taken to be grammar. */
const MAX_TEXT_SHARE = 0.2;

/** Words of a text in lower case. */
export function wordsOf(text: string): string[] {
  return [...text.toLowerCase().matchAll(WORD)].map(([word]) => word).filter((word) => word.length >= MIN_LENGTH);
}

/** By falling count, then by spelling. */
export function discoverWords(texts: readonly string[], { minCount }: { readonly minCount: number }): Word[] {
  const counts = new Map<string, { count: number; texts: number }>();
  for (const text of texts) {
    const words = wordsOf(text);
    for (const word of words) {
      const entry = counts.get(word) ?? { count: 0, texts: 0 };
      counts.set(word, { ...entry, count: entry.count + 1 });
    }
    for (const word of new Set(words)) counts.get(word)!.texts++;
  }
  return [...counts]
    .filter(([, { count, texts: inTexts }]) => count >= minCount && inTexts <= texts.length * MAX_TEXT_SHARE)
    .map(([noun, { count }]) => ({ noun, count }))
    .sort((a, b) => b.count - a.count || (a.noun < b.noun ? -1 : 1));
}

/** What a morphological analyser is to this program: a finder of nouns, beside the statistics. Knows no analyser. */

export interface NounAnalyser {
  /** As it stands in results: `kiwi`. */
  readonly name: string;
  /** Nouns of a text in order, each as often as it stands there. */
  nounsOf(text: string): readonly string[];
}

/** What an analyser found, text by text. */
export interface AnalysedTexts {
  readonly analyser: string;
  readonly nouns: readonly (readonly string[])[];
}

const BATCH = 200;

/**
 * Reads every text with the analyser.
 * @param afterBatch hears after every 200 texts how many were read, and may let others work before it resolves
 */
export async function analyseTexts(
  texts: readonly string[],
  analyser: NounAnalyser,
  afterBatch: (done: number) => Promise<void>,
): Promise<AnalysedTexts> {
  const nouns: (readonly string[])[] = [];
  for (const text of texts) {
    nouns.push(analyser.nounsOf(text));
    if (nouns.length % BATCH === 0) await afterBatch(nouns.length);
  }
  return { analyser: analyser.name, nouns };
}

/** Nouns as frequent as asked with how often they stand in the texts, by falling count, then by spelling. */
export function frequentNouns(
  { nouns }: AnalysedTexts,
  { minCount }: { readonly minCount: number },
): { noun: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const list of nouns) for (const noun of list) counts.set(noun, (counts.get(noun) ?? 0) + 1);
  return [...counts]
    .map(([noun, count]) => ({ noun, count }))
    .filter(({ count }) => count >= minCount)
    .sort((a, b) => b.count - a.count || (a.noun < b.noun ? -1 : 1));
}

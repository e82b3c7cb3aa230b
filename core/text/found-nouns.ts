/** The nouns of a collection: those that its statistics tell, and those that a morphological analyser adds. */

import type { AnalysedTexts } from './analyser.js';
import { frequentNouns } from './analyser.js';
import type { ReadText } from './company.js';
import { discoverNouns, nounFinder } from './nouns.js';
import type { CleanRecord } from './records.js';
import { bySpelling } from './spread.js';
import { discoverWords, wordsOf } from './words.js';

export interface NounSearch {
  /** `ko` finds nouns by particles; any other language takes its content words. */
  readonly language: string;
  readonly minNounCount: number;
}

export interface FoundNoun {
  readonly noun: string;
  /** Occurrences; where several found it, the highest of their counts. */
  readonly count: number;
  /** `statistics`, the name of an analyser, or both. */
  readonly foundBy: readonly string[];
}

const STATISTICS = 'statistics';

/** The nouns of the statistics, and those that an analyser adds. */
export function findNouns(texts: readonly string[], settings: NounSearch, analysed?: AnalysedTexts): FoundNoun[] {
  const least = { minCount: settings.minNounCount };
  const found = settings.language === 'ko' ? discoverNouns(texts, least) : discoverWords(texts, least);
  const nouns = new Map<string, FoundNoun>(
    found.map(({ noun, count }) => [noun, { noun, count, foundBy: [STATISTICS] }]),
  );
  for (const { noun, count } of analysed ? frequentNouns(analysed, least) : []) {
    const known = nouns.get(noun);
    const foundBy = [...(known?.foundBy ?? []), analysed?.analyser ?? ''];
    nouns.set(noun, { noun, count: Math.max(count, known?.count ?? 0), foundBy });
  }
  return [...nouns.values()].sort((a, b) => b.count - a.count || bySpelling(a.noun, b.noun));
}

/** Each text with the known nouns in it. */
export function readTexts(
  records: readonly CleanRecord[],
  nouns: readonly FoundNoun[],
  language: string,
  analysed?: AnalysedTexts,
): ReadText[] {
  const known = new Set(nouns.map(({ noun }) => noun));
  const isKnown = (noun: string): boolean => known.has(noun);
  const find = language === 'ko' ? nounFinder(known) : (text: string) => wordsOf(text).filter(isKnown);
  return records.map((record, i) => ({
    record,
    nouns: new Set([...find(record.text), ...(analysed?.nouns[i] ?? []).filter(isKnown)]),
  }));
}

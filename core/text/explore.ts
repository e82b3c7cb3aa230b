/** What the cleaned texts speak of: how often each keyword, with which nouns, and which nouns the vocabulary lacks. */

import type { KeywordMatcher } from './keywords.js';
import { keywordMatcher } from './keywords.js';
import { discoverNouns, nounFinder } from './nouns.js';
import type { CleanRecord } from './records.js';
import type { TextTokenizer } from './tokenizer.js';
import { discoverWords, wordsOf } from './words.js';

export interface ExploreSettings {
  readonly keywords: readonly string[];
  /** `ko` finds nouns by particles; any other language takes its content words. */
  readonly language: string;
  /** Keywords, the most frequent ones, whose company is reported. */
  readonly topKeywords: number;
  /** Nouns reported for each of them. */
  readonly coOccurringNouns: number;
  readonly minNounCount: number;
}

export interface KeywordCount {
  readonly keyword: string;
  /** Texts that name it. */
  readonly texts: number;
  readonly occurrences: number;
  /** Texts that name it, by source. */
  readonly textsBySource: Readonly<Record<string, number>>;
}

export interface CoOccurrence {
  readonly noun: string;
  /** Texts that hold both. */
  readonly texts: number;
  /** Pointwise mutual information in bits (Church and Hanks 1990). */
  readonly pmi: number;
  /** G² of the 2 × 2 table (Dunning 1993); negative where they avoid each other. */
  readonly logLikelihood: number;
}

export interface MissingNoun {
  readonly noun: string;
  readonly count: number;
  /** Pieces that the tokenizer writes it with, at least 2. */
  readonly pieces: number;
  /** Tokens that an entry of its own would save in these texts. */
  readonly saved: number;
}

export interface Exploration {
  readonly texts: number;
  readonly textsBySource: Readonly<Record<string, number>>;
  /** All keywords, by falling number of texts. */
  readonly keywords: readonly KeywordCount[];
  readonly company: readonly { readonly keyword: string; readonly nouns: readonly CoOccurrence[] }[];
  /** Nouns found, by falling count. */
  readonly nouns: readonly { readonly noun: string; readonly count: number }[];
  /** By falling saving, then count. */
  readonly missingNouns: readonly MissingNoun[];
}

function bySpelling(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => bySpelling(a, b)));
}

/** Counts of each keyword, those that no text names included. */
function countKeywords(
  records: readonly CleanRecord[],
  keywords: readonly string[],
  matcher: KeywordMatcher,
): KeywordCount[] {
  const occurrences = new Map<string, number>();
  const sources = new Map<string, string[]>(keywords.map((keyword) => [keyword, []]));
  for (const { text, source } of records) {
    const found = matcher.matches(text).map(({ keyword }) => keyword);
    for (const keyword of found) occurrences.set(keyword, (occurrences.get(keyword) ?? 0) + 1);
    for (const keyword of new Set(found)) sources.get(keyword)?.push(source);
  }
  return [...sources]
    .map(([keyword, from]) => ({
      keyword,
      texts: from.length,
      occurrences: occurrences.get(keyword) ?? 0,
      textsBySource: countBy(from),
    }))
    .sort((a, b) => b.texts - a.texts || bySpelling(a.keyword, b.keyword));
}

/** Σ observed · ln(observed / expected) of one cell; nothing for an empty one. */
function cell(observed: number, expected: number): number {
  return observed > 0 ? observed * Math.log(observed / expected) : 0;
}

/** Association of two things from the texts that hold both, each, and any. */
export function association(
  both: number,
  first: number,
  second: number,
  all: number,
): { pmi: number; logLikelihood: number } {
  const expected = (first * second) / all;
  const g2 =
    2 *
    (cell(both, expected) +
      cell(first - both, (first * (all - second)) / all) +
      cell(second - both, ((all - first) * second) / all) +
      cell(all - first - second + both, ((all - first) * (all - second)) / all));
  return { pmi: Math.log2(both / expected), logLikelihood: both < expected ? -g2 : g2 };
}

/** The nouns that most texts about a keyword hold; those that share their letters with it say nothing. */
function companyOf(
  keyword: string,
  records: readonly CleanRecord[],
  nounsOf: readonly ReadonlySet<string>[],
  totals: ReadonlyMap<string, number>,
  top: number,
) {
  const counts = new Map<string, number>();
  let texts = 0;
  records.forEach(({ keywords }, i) => {
    if (!keywords.includes(keyword)) return;
    texts++;
    for (const noun of nounsOf[i] ?? []) counts.set(noun, (counts.get(noun) ?? 0) + 1);
  });
  const nouns = [...counts]
    .filter(([noun]) => !keyword.includes(noun) && !noun.includes(keyword))
    .sort(([a, x], [b, y]) => y - x || bySpelling(a, b))
    .slice(0, top)
    .map(([noun, both]): CoOccurrence => ({
      noun,
      texts: both,
      ...association(both, texts, totals.get(noun) ?? both, records.length),
    }));
  return { keyword, nouns };
}

/** Measured behind another word, where most words stand; a blank before an entry of its own may be a piece by itself. */
export function missingNouns(
  nouns: readonly { readonly noun: string; readonly count: number }[],
  tokenizer: TextTokenizer,
): MissingNoun[] {
  const first = tokenizer.encode('가').length;
  const blank = tokenizer.encode('가 ').length - first;
  return nouns
    .filter(({ noun }) => tokenizer.tokenToId(noun) === undefined)
    .map(({ noun, count }) => {
      const pieces = tokenizer.encode(`가 ${noun}`).length - first;
      return { noun, count, pieces, saved: Math.max(0, pieces - 1 - blank) * count };
    })
    .filter(({ pieces }) => pieces >= 2)
    .sort((a, b) => b.saved - a.saved || b.count - a.count || bySpelling(a.noun, b.noun));
}

/** Reads the cleaned texts once over. The same records in the same order give the same answer. */
export function explore(
  records: readonly CleanRecord[],
  tokenizer: TextTokenizer,
  settings: ExploreSettings,
): Exploration {
  const texts = records.map(({ text }) => text);
  const korean = settings.language === 'ko';
  const found = korean
    ? discoverNouns(texts, { minCount: settings.minNounCount })
    : discoverWords(texts, { minCount: settings.minNounCount });
  const nouns = found.map(({ noun, count }) => ({ noun, count }));
  const known = new Set(nouns.map(({ noun }) => noun));
  const find = korean ? nounFinder(known) : (text: string) => wordsOf(text).filter((word) => known.has(word));
  const nounsOf = texts.map((text) => new Set(find(text)));
  const totals = new Map<string, number>();
  for (const set of nounsOf) for (const noun of set) totals.set(noun, (totals.get(noun) ?? 0) + 1);
  const keywords = countKeywords(records, settings.keywords, keywordMatcher(settings.keywords));
  const frequent = keywords.slice(0, settings.topKeywords).filter((keyword) => keyword.texts > 0);
  return {
    texts: records.length,
    textsBySource: countBy(records.map(({ source }) => source)),
    keywords,
    company: frequent.map(({ keyword }) => companyOf(keyword, records, nounsOf, totals, settings.coOccurringNouns)),
    nouns,
    missingNouns: missingNouns(nouns, tokenizer),
  };
}

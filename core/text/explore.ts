/** What the cleaned texts speak of: how often each keyword, with which nouns, and which nouns the vocabulary lacks. */

import type { AnalysedTexts } from './analyser.js';
import type { KeywordCompany, ReadText } from './company.js';
import { companyOf } from './company.js';
import type { FoundNoun, NounSearch } from './found-nouns.js';
import { findNouns, readTexts } from './found-nouns.js';
import type { KeywordMatcher } from './keywords.js';
import { keywordMatcher } from './keywords.js';
import type { CleanRecord } from './records.js';
import type { Spread } from './spread.js';
import { bySpelling, spreadOf, yearOf } from './spread.js';
import type { TextTokenizer } from './tokenizer.js';
import type { MissingNoun } from './vocabulary-candidates.js';
import { missingNouns } from './vocabulary-candidates.js';

export interface ExploreSettings extends NounSearch {
  readonly keywords: readonly string[];
  /** Keywords, the most frequent ones, whose company is reported. */
  readonly topKeywords: number;
  /** Nouns reported for each of them. */
  readonly coOccurringNouns: number;
}

/** In how many texts a keyword stands, by source and by year too. */
export interface KeywordCount extends Spread {
  readonly keyword: string;
  readonly occurrences: number;
}

/** In how many texts a noun stands, by source and by year too. */
export interface NounCount extends FoundNoun, Spread {}

/** The company of the same keywords in a part of the texts. */
export interface CompanySlice {
  /** A source, a year, or `undated`. */
  readonly name: string;
  readonly texts: number;
  readonly company: readonly KeywordCompany[];
}

export interface Exploration extends Spread {
  /** All keywords, by falling number of texts. */
  readonly keywords: readonly KeywordCount[];
  readonly company: readonly KeywordCompany[];
  readonly companyBySource: readonly CompanySlice[];
  readonly companyByYear: readonly CompanySlice[];
  /** Nouns found, by falling count. */
  readonly nouns: readonly NounCount[];
  /** By falling saving, then count. */
  readonly missingNouns: readonly MissingNoun[];
}

/** Counts of each keyword, those that no text names included. */
function countKeywords(
  records: readonly CleanRecord[],
  keywords: readonly string[],
  matcher: KeywordMatcher,
): KeywordCount[] {
  const occurrences = new Map<string, number>();
  const naming = new Map<string, CleanRecord[]>(keywords.map((keyword) => [keyword, []]));
  for (const record of records) {
    const found = matcher.matches(record.text).map(({ keyword }) => keyword);
    for (const keyword of found) occurrences.set(keyword, (occurrences.get(keyword) ?? 0) + 1);
    for (const keyword of new Set(found)) naming.get(keyword)?.push(record);
  }
  return [...naming]
    .map(([keyword, texts]) => ({ keyword, occurrences: occurrences.get(keyword) ?? 0, ...spreadOf(texts) }))
    .sort((a, b) => b.texts - a.texts || bySpelling(a.keyword, b.keyword));
}

function withSpread(nouns: readonly FoundNoun[], texts: readonly ReadText[]): NounCount[] {
  const holding = new Map<string, CleanRecord[]>(nouns.map(({ noun }) => [noun, []]));
  for (const { record, nouns: inText } of texts) for (const noun of inText) holding.get(noun)?.push(record);
  return nouns.map((noun) => ({ ...noun, ...spreadOf(holding.get(noun.noun) ?? []) }));
}

/** The texts in parts, each part's company by itself, by the parts' names. */
function sliced(
  texts: readonly ReadText[],
  nameOf: (record: CleanRecord) => string,
  company: (part: readonly ReadText[]) => KeywordCompany[],
): CompanySlice[] {
  const parts = new Map<string, ReadText[]>();
  for (const text of texts) {
    const name = nameOf(text.record);
    const part = parts.get(name) ?? [];
    part.push(text);
    parts.set(name, part);
  }
  return [...parts]
    .sort(([a], [b]) => bySpelling(a, b))
    .map(([name, part]) => ({ name, texts: part.length, company: company(part) }));
}

/**
 * Reads the cleaned texts once over. The same records in the same order give the same answer.
 * @param analysed what a morphological analyser found in the same records; its nouns are added to those of the statistics
 */
export function explore(
  records: readonly CleanRecord[],
  tokenizer: TextTokenizer,
  settings: ExploreSettings,
  analysed?: AnalysedTexts,
): Exploration {
  const found = findNouns(
    records.map(({ text }) => text),
    settings,
    analysed,
  );
  const texts = readTexts(records, found, settings.language, analysed);
  const keywords = countKeywords(records, settings.keywords, keywordMatcher(settings.keywords));
  const frequent = keywords.slice(0, settings.topKeywords).map(({ keyword }) => keyword);
  const company = (part: readonly ReadText[]) => companyOf(frequent, part, settings.coOccurringNouns);
  return {
    ...spreadOf(records),
    keywords,
    company: company(texts),
    companyBySource: sliced(texts, ({ source }) => source, company),
    companyByYear: sliced(texts, yearOf, company),
    nouns: withSpread(found, texts),
    missingNouns: missingNouns(found, tokenizer),
  };
}

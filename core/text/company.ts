/** The nouns that stand in the same texts as a keyword, and how much more often than chance would have it. */

import type { CleanRecord } from './records.js';
import { bySpelling } from './spread.js';

export interface CoOccurrence {
  readonly noun: string;
  /** Texts that hold both. */
  readonly texts: number;
  /** Pointwise mutual information in bits (Church and Hanks 1990). */
  readonly pmi: number;
  /** G² of the 2 × 2 table (Dunning 1993); negative where they avoid each other. */
  readonly logLikelihood: number;
}

export interface KeywordCompany {
  readonly keyword: string;
  /** Texts that name the keyword. */
  readonly texts: number;
  /** By falling number of texts, then by spelling. */
  readonly nouns: readonly CoOccurrence[];
}

/** A text with what was found in it. */
export interface ReadText {
  readonly record: CleanRecord;
  readonly nouns: ReadonlySet<string>;
}

/** Σ observed · ln(observed / expected) of one cell; nothing for an empty one. */
function cell(observed: number, expected: number): number {
  return observed > 0 ? observed * Math.log(observed / expected) : 0;
}

/** Association of two things from the numbers of texts that hold both, each, and any. */
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

/** Texts that hold each noun. */
function totalsOf(texts: readonly ReadText[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { nouns } of texts) for (const noun of nouns) totals.set(noun, (totals.get(noun) ?? 0) + 1);
  return totals;
}

/**
 * The `top` nouns that most texts about each keyword hold; those that share their letters with it say nothing and are
 * left out. Keywords that no text names are left out too.
 */
export function companyOf(keywords: readonly string[], texts: readonly ReadText[], top: number): KeywordCompany[] {
  const totals = totalsOf(texts);
  return keywords.flatMap((keyword): KeywordCompany[] => {
    const naming = texts.filter(({ record }) => record.keywords.includes(keyword));
    if (naming.length === 0) return [];
    const nouns = [...totalsOf(naming)]
      .filter(([noun]) => !keyword.includes(noun) && !noun.includes(keyword))
      .sort(([a, x], [b, y]) => y - x || bySpelling(a, b))
      .slice(0, top)
      .map(([noun, both]): CoOccurrence => ({
        noun,
        texts: both,
        ...association(both, naming.length, totals.get(noun) ?? both, texts.length),
      }));
    return [{ keyword, texts: naming.length, nouns }];
  });
}

/** Averages sentence scores by keyword. Knows nothing of uncertainty. */
import type { ScoredSentence } from './scored-sentence.js';

/** A keyword's sentences, in the order given. */
export interface KeywordSentences {
  readonly keyword: string;
  readonly group: string;
  readonly sentences: readonly ScoredSentence[];
}

export interface KeywordMean {
  readonly keyword: string;
  readonly group: string;
  /** Number of sentences. */
  readonly n: number;
  /** Mean score. */
  readonly score: number;
}

/** A score that is not a finite number would poison every mean: refuse it and say where it stands. */
export class ScoreError extends Error {
  override readonly name = 'ScoreError';
  constructor(
    readonly sentence: Omit<ScoredSentence, 'text'>,
    readonly index: number,
  ) {
    super(
      `byKeyword: expected finite scores, got ${sentence.score} in row ${index} ` +
        `(keyword '${sentence.keyword}', prompt ${sentence.promptIndex}, repetition ${sentence.repetition})`,
    );
  }
}

/** Sentences by (group, keyword), in order of first appearance. */
export function byKeyword(sentences: readonly ScoredSentence[]): KeywordSentences[] {
  const found = new Map<string, ScoredSentence[]>();
  sentences.forEach((sentence, index) => {
    if (!Number.isFinite(sentence.score)) throw new ScoreError(sentence, index);
    const key = JSON.stringify([sentence.group, sentence.keyword]);
    const list = found.get(key);
    if (list) list.push(sentence);
    else found.set(key, [sentence]);
  });
  return [...found.values()].map((list) => ({ keyword: list[0]!.keyword, group: list[0]!.group, sentences: list }));
}

/** Mean score by (group, keyword), in order of first appearance. */
export function keywordMeans(sentences: readonly ScoredSentence[]): KeywordMean[] {
  return byKeyword(sentences).map(({ keyword, group, sentences: own }) => ({
    keyword,
    group,
    n: own.length,
    score: mean(own.map((sentence) => sentence.score)),
  }));
}

/** Names of the groups in order of first appearance. */
export function groupNames(rows: readonly { readonly group: string }[]): string[] {
  return [...new Set(rows.map((row) => row.group))];
}

/** Arithmetic mean; NaN of an empty list. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Which nouns the vocabulary lacks, what an entry of its own would save for each, and what was decided. */

import { bySpelling } from './spread.js';
import type { TextTokenizer } from './tokenizer.js';
import type { ExtendedVocabulary, SkipReason } from './vocabulary.js';

export interface MissingNoun {
  readonly noun: string;
  /** Occurrences in the texts. */
  readonly count: number;
  /** Pieces that the tokenizer writes it with behind another word, at least 2. */
  readonly pieces: number;
  /** Pieces with an entry of its own: 2 where the blank before it becomes a piece by itself, else 1. */
  readonly piecesAfter: number;
  /** Tokens that the entry would save in these texts. */
  readonly saved: number;
}

/** `added`, or why not. */
export type CandidateDecision = 'added' | 'too-rare' | 'saves-nothing' | SkipReason;

export interface VocabularyCandidate {
  readonly word: string;
  readonly count: number;
  readonly piecesBefore: number;
  readonly piecesAfter: number;
  readonly saved: number;
  readonly decision: CandidateDecision;
}

/** Measured behind another word, where most words stand. By falling saving, then by falling count. */
export function missingNouns(
  nouns: readonly { readonly noun: string; readonly count: number }[],
  tokenizer: TextTokenizer,
): MissingNoun[] {
  const first = tokenizer.encode('가').length;
  const piecesAfter = 1 + tokenizer.encode('가 ').length - first;
  return nouns
    .filter(({ noun }) => tokenizer.tokenToId(noun) === undefined)
    .map(({ noun, count }) => {
      const pieces = tokenizer.encode(`가 ${noun}`).length - first;
      return { noun, count, pieces, piecesAfter, saved: Math.max(0, pieces - piecesAfter) * count };
    })
    .filter(({ pieces }) => pieces >= 2)
    .sort((a, b) => b.saved - a.saved || b.count - a.count || bySpelling(a.noun, b.noun));
}

/** Why a noun is not even tried: a word that saves no token would only lengthen the texts. */
function ruledOut({ count, saved }: MissingNoun, minWordCount: number): CandidateDecision | undefined {
  if (count < minWordCount) return 'too-rare';
  return saved > 0 ? undefined : 'saves-nothing';
}

/** Those worth an entry, in the order of what they save. */
export function worthAdding(nouns: readonly MissingNoun[], minWordCount: number): MissingNoun[] {
  return nouns.filter((noun) => ruledOut(noun, minWordCount) === undefined);
}

/** Every candidate with what became of it, in the order given. */
export function decisions(
  nouns: readonly MissingNoun[],
  minWordCount: number,
  { replaced, skipped }: Pick<ExtendedVocabulary, 'replaced' | 'skipped'>,
): VocabularyCandidate[] {
  const outcomes = new Map<string, CandidateDecision>([
    ...skipped.map(({ word, reason }) => [word, reason] as const),
    ...replaced.map(({ word }) => [word, 'added'] as const),
  ]);
  return nouns.map((noun) => ({
    word: noun.noun,
    count: noun.count,
    piecesBefore: noun.pieces,
    piecesAfter: noun.piecesAfter,
    saved: noun.saved,
    decision: outcomes.get(noun.noun) ?? ruledOut(noun, minWordCount) ?? 'beyond-limit',
  }));
}

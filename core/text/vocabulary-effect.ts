/** What new words changed in the texts: which are written with other tokens, and with how many. Knows no model. */

import type { TextTokenizer } from './tokenizer.js';
import { holdsAny } from './vocabulary-check.js';

export interface TokenChanges {
  readonly texts: number;
  /** Texts whose tokens are others than before. */
  readonly changed: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

const BATCH = 500;

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

/**
 * @param words what `after` has and `before` has not
 * @param afterBatch hears after every 500 texts how many were compared, and may let others work before it resolves
 */
export async function tokenChanges(
  texts: readonly string[],
  before: TextTokenizer,
  after: TextTokenizer,
  words: readonly string[],
  afterBatch: (done: number) => Promise<void>,
): Promise<TokenChanges> {
  const isConcerned = holdsAny(words);
  const changes = { texts: 0, changed: 0, tokensBefore: 0, tokensAfter: 0 };
  for (const text of texts) {
    const old = before.encode(text);
    const now = isConcerned(text) ? after.encode(text) : old;
    changes.texts++;
    if (!same(old, now)) changes.changed++;
    changes.tokensBefore += old.length;
    changes.tokensAfter += now.length;
    if (changes.texts % BATCH === 0) await afterBatch(changes.texts);
  }
  return changes;
}

/** A beginning of the text, whole characters, that both tokenizers write with at most `maxTokens`. */
export function fittingStart(text: string, tokenizers: readonly TextTokenizer[], maxTokens: number): string {
  let start = [...text];
  for (;;) {
    const written = start.join('');
    const tokens = Math.max(...tokenizers.map((tokenizer) => tokenizer.encode(written).length));
    if (tokens <= maxTokens || start.length <= 1) return written;
    start = start.slice(0, Math.max(1, Math.min(start.length - 1, Math.floor((start.length * maxTokens) / tokens))));
  }
}

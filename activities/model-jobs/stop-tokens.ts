/** Tokens that end a text, from the words that a study names them by. */

import type { TextTokenizer } from '../../core/text/index.js';

/** The study names a stop token that the model's vocabulary lacks. */
export class StopTokenError extends Error {
  override readonly name = 'StopTokenError';
  constructor(
    readonly token: string,
    pieces: readonly string[],
  ) {
    super(
      `biasEval.stopTokens: expected single tokens of the model, got ${JSON.stringify(token)}, ` +
        `which is ${pieces.length} tokens (${pieces.join(' ') || 'none'}); name one that the vocabulary holds`,
    );
  }
}

/** The end of text, where the tokenizer has one, and the named tokens; a name is a token's own or a text of one token. */
export function stopTokenIds(tokenizer: TextTokenizer, names: readonly string[]): number[] {
  const { eos } = tokenizer.specials;
  return [...new Set([...(eos === undefined ? [] : [eos]), ...names.map((name) => idOf(tokenizer, name))])];
}

/** @throws StopTokenError when the text is several tokens, or none */
function idOf(tokenizer: TextTokenizer, name: string): number {
  const own = tokenizer.tokenToId(name);
  if (own !== undefined) return own;
  const ids = tokenizer.encode(name);
  const [id] = ids;
  if (id === undefined || ids.length !== 1 || id === tokenizer.specials.unk)
    throw new StopTokenError(
      name,
      ids.map((piece) => tokenizer.idToToken(piece) ?? String(piece)),
    );
  return id;
}

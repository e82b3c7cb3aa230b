/** Text to token ids and back, for any Hugging Face `tokenizer.json`. Knows no model and no training. */

import { Tokenizer } from '@huggingface/tokenizers';

import type { JsonObject, TokenizerJson } from './tokenizer-json.js';
import {
  isObject,
  parseTokenizerConfig,
  parseTokenizerJson,
  TokenizerFormatError,
  vocabularyEntries,
} from './tokenizer-json.js';

export interface UnusedToken {
  readonly token: string;
  readonly id: number;
}

/** Ids of the tokens with a duty; a tokenizer need not have all of them. */
export interface SpecialTokenIds {
  readonly bos: number | undefined;
  readonly eos: number | undefined;
  readonly pad: number | undefined;
  readonly unk: number | undefined;
}

export interface TextTokenizer {
  /** Ids of a text; `addSpecialTokens` (default false) runs the file's post-processor, such as BERT's `[CLS] … [SEP]`. */
  encode(text: string, options?: { readonly addSpecialTokens?: boolean }): number[];
  /** The text of ids; `skipSpecialTokens` (default false) leaves out `</s>` and its like. */
  decode(ids: readonly number[], options?: { readonly skipSpecialTokens?: boolean }): string;
  /** Highest id + 1: the number of rows that an embedding needs. */
  readonly vocabularySize: number;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
  readonly specials: SpecialTokenIds;
  /** The `<unusedN>` entries that are still free, by rising N. */
  readonly unusedTokens: readonly UnusedToken[];
}

/** The part of the library's class that is used; its own declarations do not resolve under `nodenext`. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: (number | undefined)[]; tokens: string[] };
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
}

/** What each duty's token is usually called, most telling first; used where no configuration names it. */
const usualNames = {
  bos: ['<s>', '<|startoftext|>', '<|endoftext|>', '[CLS]', '</s>'],
  eos: ['</s>', '<|endoftext|>', '[SEP]'],
  pad: ['<pad>', '[PAD]', '<|pad|>'],
  unk: ['<unk>', '[UNK]', '<|unk|>'],
} as const;

const unusedPattern = /^[<[]unused_?(\d+)[>\]]$/;

function configuredName(config: JsonObject, duty: keyof SpecialTokenIds): string | undefined {
  const value = config[`${duty}_token`];
  if (typeof value === 'string') return value;
  if (isObject(value) && typeof value['content'] === 'string') return value['content'];
  return undefined;
}

function findSpecials(ids: ReadonlyMap<string, number>, config: JsonObject): SpecialTokenIds {
  const find = (duty: keyof SpecialTokenIds): number | undefined => {
    const configured = configuredName(config, duty);
    if (configured !== undefined && ids.has(configured)) return ids.get(configured);
    const usual = usualNames[duty].find((name) => ids.has(name));
    return usual === undefined ? undefined : ids.get(usual);
  };
  return { bos: find('bos'), eos: find('eos'), pad: find('pad'), unk: find('unk') };
}

function findUnused(ids: ReadonlyMap<string, number>): UnusedToken[] {
  const found: { token: string; id: number; number: number }[] = [];
  for (const [token, id] of ids) {
    const match = unusedPattern.exec(token);
    if (match) found.push({ token, id, number: Number(match[1]) });
  }
  return found.sort((a, b) => a.number - b.number || a.id - b.id).map(({ token, id }) => ({ token, id }));
}

function allIds(json: TokenizerJson): Map<string, number> {
  const ids = new Map(vocabularyEntries(json.model));
  for (const { content, id } of json.added_tokens) ids.set(content, id);
  return ids;
}

function openLibrary(json: TokenizerJson, config: JsonObject): LibraryTokenizer {
  try {
    return new Tokenizer(json, config);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TokenizerFormatError('tokenizer.json', 'parts that the tokenizers library knows', message);
  }
}

function checkedIds(ids: readonly (number | undefined)[], tokens: readonly string[]): number[] {
  return ids.map((id, i) => {
    if (id !== undefined) return id;
    const token = JSON.stringify(tokens[i]);
    throw new TokenizerFormatError('tokenizer.json: model', `an id or an unknown token for ${token}`, 'neither');
  });
}

/**
 * Opens a tokenizer.
 * @param source bytes or text of `tokenizer.json`
 * @param config `tokenizer_config.json`, which names the special tokens; optional
 * @throws TokenizerFormatError saying which field is wrong.
 */
export function loadTokenizer(source: Uint8Array | string, config?: Uint8Array | string | JsonObject): TextTokenizer {
  return openTokenizer(parseTokenizerJson(source), parseTokenizerConfig(config));
}

/** Opens a tokenizer that was parsed already. @throws TokenizerFormatError as `loadTokenizer`. */
export function openTokenizer(json: TokenizerJson, config: JsonObject = {}): TextTokenizer {
  const library = openLibrary(json, config);
  const ids = allIds(json);
  let highest = -1;
  for (const id of ids.values()) highest = Math.max(highest, id);
  return {
    encode(text, { addSpecialTokens = false } = {}) {
      if (text === '' && !addSpecialTokens) return [];
      const encoding = library.encode(text, { add_special_tokens: addSpecialTokens });
      return checkedIds(encoding.ids, encoding.tokens);
    },
    decode(tokenIds, { skipSpecialTokens = false } = {}) {
      if (tokenIds.length === 0) return '';
      return library.decode([...tokenIds], {
        skip_special_tokens: skipSpecialTokens,
        clean_up_tokenization_spaces: false,
      });
    },
    vocabularySize: highest + 1,
    tokenToId: (token) => ids.get(token),
    idToToken: (id) => library.id_to_token(id),
    specials: findSpecials(ids, config),
    unusedTokens: findUnused(ids),
  };
}

/** Puts new words on the `<unusedN>` ids of a tokenizer, whose size and other ids stay. Knows no model weights. */

import type { AddedTokenEntry, JsonObject, TokenizerJson } from './tokenizer-json.js';
import { formatTokenizerJson, isObject, parseTokenizerJson } from './tokenizer-json.js';
import type { TextTokenizer } from './tokenizer.js';
import { openTokenizer } from './tokenizer.js';
import { isUnwritable, roundTripFailures } from './vocabulary-check.js';

export interface ReplacedToken {
  readonly word: string;
  readonly id: number;
  /** The entry that the word took the place of, such as `<unused3>`. */
  readonly replaced: string;
  /** What the word was written with before. */
  readonly oldPieces: readonly number[];
}

export type SkipReason =
  | 'repeated'
  | 'in-vocabulary'
  | 'unwritable'
  | 'breaks-round-trip'
  | 'no-free-entry'
  | 'beyond-limit';

export interface SkippedWord {
  readonly word: string;
  readonly reason: SkipReason;
}

export interface ExtendedVocabulary {
  readonly tokenizerJson: Uint8Array;
  readonly replaced: readonly ReplacedToken[];
  readonly skipped: readonly SkippedWord[];
}

/** After an added word the text goes on: only its beginning may be given the blank that Metaspace puts in front. */
function prependFirstOnly(part: JsonObject | null): JsonObject | null {
  if (part === null) return null;
  const nested = ['pretokenizers', 'decoders'].find((key) => Array.isArray(part[key]));
  if (nested !== undefined) {
    const parts = part[nested];
    return {
      ...part,
      [nested]: Array.isArray(parts)
        ? parts.map((inner: unknown) => (isObject(inner) ? prependFirstOnly(inner) : inner))
        : [],
    };
  }
  return part['type'] === 'Metaspace' && part['prepend_scheme'] === 'always'
    ? { ...part, prepend_scheme: 'first' }
    : part;
}

/** The model's vocabulary with names changed and ids kept; an entry of either layout, a map or a list. */
function renameVocabulary(vocabulary: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(vocabulary)) {
    return vocabulary.map((entry: unknown) =>
      Array.isArray(entry) ? [names.get(String(entry[0])) ?? entry[0], ...entry.slice(1)] : entry,
    );
  }
  if (!isObject(vocabulary)) return vocabulary;
  return Object.fromEntries(Object.entries(vocabulary).map(([token, id]) => [names.get(token) ?? token, id]));
}

/** An added token is found in the raw text before the model's merges run, so a word needs no merges of its own. */
function addedToken({ word, id }: ReplacedToken): AddedTokenEntry {
  return { id, content: word, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
}

function withWords(json: TokenizerJson, replaced: readonly ReplacedToken[]): TokenizerJson {
  if (replaced.length === 0) return json;
  const names = new Map(replaced.map((entry) => [entry.replaced, entry.word]));
  const others = json.added_tokens.filter(({ content }) => !names.has(content));
  return {
    ...json,
    added_tokens: [...others, ...replaced.map(addedToken)].sort((a, b) => a.id - b.id),
    pre_tokenizer: prependFirstOnly(json.pre_tokenizer),
    decoder: prependFirstOnly(json.decoder),
    model: { ...json.model, vocab: renameVocabulary(json.model['vocab'], names) },
  };
}

/** Why a word need not or cannot be added, told from the word alone. */
function skipReason(
  word: string,
  json: TokenizerJson,
  tokenizer: TextTokenizer,
  seen: ReadonlySet<string>,
): SkipReason | undefined {
  if (seen.has(word)) return 'repeated';
  if (isUnwritable(word, json)) return 'unwritable';
  if (tokenizer.tokenToId(word) !== undefined || tokenizer.encode(word).length < 2) return 'in-vocabulary';
  return undefined;
}

function assign(
  words: readonly string[],
  tokenizer: TextTokenizer,
  maxWords: number,
): { replaced: ReplacedToken[]; left: string[] } {
  const free = tokenizer.unusedTokens.slice(0, maxWords);
  const replaced = words.slice(0, free.length).map((word, i): ReplacedToken => {
    const entry = free[i]!;
    return { word, id: entry.id, replaced: entry.token, oldPieces: tokenizer.encode(word) };
  });
  return { replaced, left: words.slice(free.length) };
}

/**
 * Gives each word one of the free entries, first word first. For every text that the tokenizer gave back unchanged before,
 * decode(encode(text)) is the text afterwards too; words that would break this are refused.
 * @param words in order of preference
 * @param probeTexts texts that the promise is tried on, in addition to every word in typical surroundings
 * @param maxWords no more than these are added; a refused word makes room for the next
 * @throws TokenizerFormatError
 */
export function extendVocabulary(
  tokenizerJson: Uint8Array | string,
  words: readonly string[],
  probeTexts: readonly string[] = [],
  maxWords: number = Infinity,
): ExtendedVocabulary {
  const json = parseTokenizerJson(tokenizerJson);
  const tokenizer = openTokenizer(json);
  const skipped: SkippedWord[] = [];
  let accepted: string[] = [];
  const seen = new Set<string>();
  for (const word of words) {
    const reason = skipReason(word, json, tokenizer, seen);
    if (reason) skipped.push({ word, reason });
    else accepted.push(word);
    seen.add(word);
  }
  for (;;) {
    const { replaced, left } = assign(accepted, tokenizer, maxWords);
    const extended = withWords(json, replaced);
    const culprits = roundTripFailures(
      tokenizer,
      openTokenizer(extended),
      replaced.map(({ word }) => word),
      probeTexts,
    );
    if (culprits.size === 0) {
      const reason = replaced.length < maxWords ? 'no-free-entry' : 'beyond-limit';
      skipped.push(...left.map((word): SkippedWord => ({ word, reason })));
      return { tokenizerJson: formatTokenizerJson(extended), replaced, skipped };
    }
    skipped.push(...[...culprits].map((word): SkippedWord => ({ word, reason: 'breaks-round-trip' })));
    accepted = accepted.filter((word) => !culprits.has(word));
  }
}

function renameDeep(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((inner: unknown) => renameDeep(inner, names));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(
    ([key, inner]) => [names.get(key) ?? key, renameDeep(inner, names)] as const,
  );
  const renamed: JsonObject = Object.fromEntries(entries);
  const isToken = typeof value['content'] === 'string' && names.has(value['content']);
  return isToken
    ? { ...renamed, special: false, normalized: false, lstrip: false, rstrip: false, single_word: false }
    : renamed;
}

/**
 * The same change in the files beside `tokenizer.json`: `tokenizer_config.json`, `vocab.json`, `added_tokens.json`,
 * `special_tokens_map.json`. A word is no special token, so it leaves the list of those.
 */
export function renameInTokenizerFile(file: Uint8Array, replaced: readonly ReplacedToken[]): Uint8Array {
  const names = new Map(replaced.map((entry) => [entry.replaced, entry.word]));
  const json: unknown = JSON.parse(new TextDecoder('utf-8').decode(file));
  const specials = isObject(json) ? json['additional_special_tokens'] : undefined;
  const kept = Array.isArray(specials)
    ? {
        additional_special_tokens: specials.filter(
          (token: unknown) => !names.has(isObject(token) ? String(token['content']) : String(token)),
        ),
      }
    : {};
  const renamed = renameDeep(isObject(json) ? { ...json, ...kept } : json, names);
  return new TextEncoder().encode(JSON.stringify(renamed, null, 2));
}

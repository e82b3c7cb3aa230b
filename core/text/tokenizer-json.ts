/** The `tokenizer.json` format: reads, checks and writes it. Knows its parts, not how text is split. */

import { isNestedTooDeep, MAX_JSON_LEVELS } from '../json-nesting.js';

export class TokenizerFormatError extends Error {
  override readonly name = 'TokenizerFormatError';
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`${where}: expected ${expected}, got ${got}; save the tokenizer again with the Hugging Face libraries`);
  }
}

export type JsonObject = { readonly [key: string]: unknown };

/** An entry of `added_tokens`: matched in the raw text before the model sees it. */
export interface AddedTokenEntry extends JsonObject {
  readonly id: number;
  readonly content: string;
  readonly special?: boolean;
}

/** The parts of `tokenizer.json` that are read here; everything else is carried along untouched. */
export interface TokenizerJson extends JsonObject {
  readonly added_tokens: readonly AddedTokenEntry[];
  readonly normalizer: JsonObject | null;
  readonly pre_tokenizer: JsonObject | null;
  readonly post_processor: JsonObject | null;
  readonly decoder: JsonObject | null;
  readonly model: JsonObject;
}

const where = 'tokenizer.json';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A short description of a value for an error message. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function objectOrNull(json: JsonObject, key: string): JsonObject | null {
  const value = json[key] ?? null;
  if (value === null || isObject(value)) return value;
  throw new TokenizerFormatError(`${where}: ${key}`, 'an object or null', describe(value));
}

function isAddedToken(value: unknown): value is AddedTokenEntry {
  return isObject(value) && Number.isInteger(value['id']) && typeof value['content'] === 'string';
}

function addedTokens(json: JsonObject): AddedTokenEntry[] {
  const list = json['added_tokens'] ?? [];
  if (!Array.isArray(list)) throw new TokenizerFormatError(`${where}: added_tokens`, 'a list', describe(list));
  return list.map((entry: unknown, i) => {
    if (isAddedToken(entry)) return entry;
    throw new TokenizerFormatError(`${where}: added_tokens[${i}]`, '{ id, content }', describe(entry));
  });
}

/** `[token, id]` of the model's own vocabulary, whichever of the two layouts the file uses. */
export function vocabularyEntries(model: JsonObject): [string, number][] {
  const vocabulary = model['vocab'];
  if (Array.isArray(vocabulary)) {
    return vocabulary.map((entry: unknown, id) => {
      if (Array.isArray(entry) && typeof entry[0] === 'string') return [entry[0], id];
      throw new TokenizerFormatError(`${where}: model.vocab[${id}]`, '[token, score]', describe(entry));
    });
  }
  if (!isObject(vocabulary)) {
    throw new TokenizerFormatError(`${where}: model.vocab`, 'tokens with their ids', describe(vocabulary));
  }
  return Object.entries(vocabulary).map(([token, id]) => {
    if (typeof id === 'number' && Number.isInteger(id) && id >= 0) return [token, id];
    throw new TokenizerFormatError(`${where}: model.vocab[${JSON.stringify(token)}]`, 'an id ≥ 0', describe(id));
  });
}

function checkMerges(model: JsonObject): void {
  if (model['type'] !== 'BPE') return;
  if (!Array.isArray(model['merges'])) {
    throw new TokenizerFormatError(`${where}: model.merges`, 'a list of pairs', describe(model['merges']));
  }
}

/** The value of one of a tokenizer's files. @throws TokenizerFormatError when it is no JSON, or nests too deep */
export function parseTokenizerFile(source: Uint8Array | string, file: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source));
  } catch (cause) {
    throw new TokenizerFormatError(file, 'UTF-8 JSON', cause instanceof Error ? cause.message : String(cause));
  }
  if (isNestedTooDeep(value))
    throw new TokenizerFormatError(file, `at most ${MAX_JSON_LEVELS} levels of objects and lists`, 'more');
  return value;
}

/** Files of older versions say `add_prefix_space` where newer ones say `prepend_scheme`; libraries differ on the old word. */
function modernMetaspace(part: JsonObject | null): JsonObject | null {
  if (part === null) return null;
  const nested = ['pretokenizers', 'decoders'].find((key) => Array.isArray(part[key]));
  if (nested !== undefined) {
    const parts = part[nested];
    const list = Array.isArray(parts)
      ? parts.map((inner: unknown) => (isObject(inner) ? modernMetaspace(inner) : inner))
      : [];
    return { ...part, [nested]: list };
  }
  if (part['type'] !== 'Metaspace' || part['prepend_scheme'] !== undefined) return part;
  return { ...part, prepend_scheme: part['add_prefix_space'] === false ? 'never' : 'always' };
}

/**
 * Reads a `tokenizer.json`.
 * @throws TokenizerFormatError naming the field that is missing or of the wrong kind.
 */
export function parseTokenizerJson(source: Uint8Array | string): TokenizerJson {
  const json = parseTokenizerFile(source, where);
  if (!isObject(json)) throw new TokenizerFormatError(where, 'an object', describe(json));
  const model = json['model'];
  if (!isObject(model)) throw new TokenizerFormatError(`${where}: model`, 'an object', describe(model));
  vocabularyEntries(model);
  checkMerges(model);
  return {
    ...json,
    added_tokens: addedTokens(json),
    normalizer: objectOrNull(json, 'normalizer'),
    pre_tokenizer: modernMetaspace(objectOrNull(json, 'pre_tokenizer')),
    post_processor: objectOrNull(json, 'post_processor'),
    decoder: modernMetaspace(objectOrNull(json, 'decoder')),
    model,
  };
}

/** The file's bytes again: UTF-8, two spaces of indentation, as the Hugging Face libraries write it. */
export function formatTokenizerJson(json: TokenizerJson): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json, null, 2));
}

/** `tokenizer_config.json` as an object; `{}` for none. @throws TokenizerFormatError */
export function parseTokenizerConfig(config: Uint8Array | string | JsonObject | undefined): JsonObject {
  if (config === undefined) return {};
  if (typeof config !== 'string' && !(config instanceof Uint8Array)) return config;
  const parsed = parseTokenizerFile(config, 'tokenizer_config.json');
  if (isObject(parsed)) return parsed;
  throw new TokenizerFormatError('tokenizer_config.json', 'an object', describe(parsed));
}

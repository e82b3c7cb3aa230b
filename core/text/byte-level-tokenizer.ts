/**
 * Turns GPT-2's `vocab.json` and `merges.txt` into a `tokenizer.json` (Radford et al. 2019, section 2.2; the rules of
 * Transformers' GPT2Tokenizer). Knows no model weights.
 */

import { configuredToken } from './sequence-template.js';
import {
  describe,
  isObject,
  parseTokenizerFile,
  TokenizerFormatError,
  type JsonObject,
  type TokenizerJson,
} from './tokenizer-json.js';

const usualSpecial = '<|endoftext|>';

function readMerges(bytes: Uint8Array): [string, string][] {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const pairs = lines.filter((line, at) => line !== '' && !(at === 0 && line.startsWith('#version')));
  return pairs.map((line) => {
    const [left, right, ...rest] = line.split(' ');
    if (left !== undefined && right !== undefined && rest.length === 0) return [left, right];
    throw new TokenizerFormatError('merges.txt', 'two pieces a line', JSON.stringify(line.slice(0, 40)));
  });
}

function readVocabulary(bytes: Uint8Array): JsonObject {
  const vocabulary = parseTokenizerFile(bytes, 'vocab.json');
  if (isObject(vocabulary)) return vocabulary;
  throw new TokenizerFormatError('vocab.json', 'tokens with their ids', describe(vocabulary));
}

/** @throws TokenizerFormatError on files that are no vocabulary or no merges */
export function tokenizerFromMerges(vocab: Uint8Array, merges: Uint8Array, config: JsonObject = {}): TokenizerJson {
  const vocabulary = readVocabulary(vocab);
  const duties = ['bos_token', 'eos_token', 'unk_token', 'pad_token'];
  const specials = new Set(duties.map((duty) => configuredToken(config, duty) ?? usualSpecial));
  const byteLevel = { type: 'ByteLevel', add_prefix_space: config['add_prefix_space'] === true, trim_offsets: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...specials].flatMap((content) => {
      const id = vocabulary[content];
      const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
      return typeof id === 'number' ? [{ id, content, ...plain, special: true }] : [];
    }),
    normalizer: null,
    pre_tokenizer: { ...byteLevel, use_regex: true },
    post_processor: null,
    decoder: { ...byteLevel, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: vocabulary,
      merges: readMerges(merges),
    },
  };
}

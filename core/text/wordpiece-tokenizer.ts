/**
 * Turns BERT's `vocab.txt` into a `tokenizer.json`: one WordPiece entry a line, its id the line's number (Devlin et al. 2019;
 * the rules of Transformers' BertTokenizer). Knows no model weights.
 */

import { configuredToken, sequenceTemplate } from './sequence-template.js';
import { TokenizerFormatError, type AddedTokenEntry, type JsonObject, type TokenizerJson } from './tokenizer-json.js';

const duties = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
} as const;

function readVocabulary(bytes: Uint8Array, file: string): Map<string, number> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TokenizerFormatError(file, 'text in UTF-8', 'other bytes');
  }
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  return new Map(lines.map((token, id) => [token, id]));
}

/**
 * `config` is `tokenizer_config.json`, whose `do_lower_case` (true unless it says otherwise), `strip_accents`,
 * `tokenize_chinese_chars` and special tokens count.
 * @throws TokenizerFormatError on a vocabulary without an unknown token
 */
export function tokenizerFromVocabulary(bytes: Uint8Array, file: string, config: JsonObject = {}): TokenizerJson {
  const ids = readVocabulary(bytes, file);
  const unknown = configuredToken(config, 'unk_token') ?? duties.unk_token;
  if (!ids.has(unknown)) throw new TokenizerFormatError(file, `a line ${unknown}`, `${ids.size} other lines`);
  const specials = Object.entries(duties).map(([duty, usual]) => configuredToken(config, duty) ?? usual);
  const added = [...new Set(specials)].flatMap((content): AddedTokenEntry[] => {
    const id = ids.get(content);
    const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    return id === undefined ? [] : [{ id, content, ...plain, special: true }];
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added.toSorted((a, b) => a.id - b.id),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config['tokenize_chinese_chars'] !== false,
      strip_accents: config['strip_accents'] ?? null,
      lowercase: config['do_lower_case'] !== false,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: sequenceTemplate(ids, config),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unknown,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  };
}

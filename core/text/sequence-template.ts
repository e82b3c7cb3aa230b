/** The post-processor that frames a text as BERT does: `[CLS] A [SEP]`, `[CLS] A [SEP] B [SEP]`. Knows no vocabulary format. */

import { isObject, type JsonObject } from './tokenizer-json.js';

/** Name of a special token in `tokenizer_config.json`, which may be a text or an object. */
export function configuredToken(config: JsonObject, duty: string): string | undefined {
  const value = config[duty];
  if (typeof value === 'string') return value;
  return isObject(value) && typeof value['content'] === 'string' ? value['content'] : undefined;
}

/** Null where the vocabulary lacks the tokens. */
export function sequenceTemplate(ids: ReadonlyMap<string, number>, config: JsonObject): JsonObject | null {
  const first = configuredToken(config, 'cls_token') ?? '[CLS]';
  const last = configuredToken(config, 'sep_token') ?? '[SEP]';
  const [firstId, lastId] = [ids.get(first), ids.get(last)];
  if (firstId === undefined || lastId === undefined) return null;
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  const single = [special(first, 0), sequence('A', 0), special(last, 0)];
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, sequence('B', 1), special(last, 1)],
    special_tokens: {
      [first]: { id: first, ids: [firstId], tokens: [first] },
      [last]: { id: last, ids: [lastId], tokens: [last] },
    },
  };
}

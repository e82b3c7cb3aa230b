import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { loadTokenizer } from '../../../core/text/tokenizer.js';
import { extendVocabulary, renameInTokenizerFile } from '../../../core/text/vocabulary.js';
import type { TokenizerKind } from './tokenizers/extend.js';
import { extendGolden, goldenWords, readGolden, readTokenizer } from './tokenizers/extend.js';

const kinds: TokenizerKind[] = ['metaspace', 'byte-level'];

describe.each(kinds)('extendVocabulary: %s', (kind) => {
  const extended = extendGolden(kind);
  const before = loadTokenizer(readTokenizer(kind));
  const after = loadTokenizer(extended.tokenizerJson);

  it('extendVocabulary writes the file that the golden was made of', async () => {
    await expect(new TextDecoder().decode(extended.tokenizerJson)).toMatchFileSnapshot(
      `tokenizers/${kind}.extended.json`,
    );
  });

  it('extendVocabulary makes a tokenizer that the Python library reads alike', () => {
    for (const { text, ids, decoded } of readGolden(kind).extended) {
      expect({ text, ids: after.encode(text), decoded: after.decode(ids) }).toEqual({ text, ids, decoded });
    }
  });

  it('extendVocabulary changes neither the size nor any other id', () => {
    expect(after.vocabularySize).toBe(before.vocabularySize);
    expect(extended.replaced.map(({ word, id }) => [word, id])).toEqual(goldenWords.map((word, i) => [word, 4 + i]));
    expect(after.unusedTokens).toEqual(before.unusedTokens.slice(goldenWords.length));
    for (let id = 0; id < before.vocabularySize; id++) {
      const isNew = id >= 4 && id < 4 + goldenWords.length;
      expect(after.idToToken(id)).toBe(isNew ? goldenWords[id - 4] : before.idToToken(id));
    }
  });

  it('extendVocabulary remembers the pieces that each word had', () => {
    for (const { word, oldPieces } of extended.replaced) {
      expect(before.decode(oldPieces)).toBe(word);
      expect(oldPieces.length).toBeGreaterThan(1);
    }
  });

  it('extendVocabulary keeps decode(encode(text)) for every text that had it', () => {
    const part = fc.oneof(
      fc.constantFrom(...goldenWords, ' ', '은', '강남구', 'a', '1', '.', '\n', '🙂'),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => {
        fc.pre(before.decode(before.encode(value)) === value);
        expect(after.decode(after.encode(value))).toBe(value);
      }),
      { numRuns: 500 },
    );
  });
});

describe('extendVocabulary', () => {
  it('extendVocabulary says why a word was left out', () => {
    const words = [
      '둔촌주공',
      '둔촌주공',
      '아파트',
      '두 낱말',
      '▁밑줄',
      '<0x41>',
      '가나다라',
      '마바사아',
      '자차카타',
      '파하거너',
      '더러머버',
      '서어저처',
    ];
    const { replaced, skipped } = extendVocabulary(readTokenizer('metaspace'), words);
    expect(replaced).toHaveLength(6);
    expect(skipped).toEqual([
      { word: '둔촌주공', reason: 'repeated' },
      { word: '아파트', reason: 'in-vocabulary' },
      { word: '두 낱말', reason: 'unwritable' },
      { word: '▁밑줄', reason: 'unwritable' },
      { word: '<0x41>', reason: 'unwritable' },
      { word: '서어저처', reason: 'no-free-entry' },
    ]);
  });

  it('extendVocabulary refuses words made of letters that a byte-level decoder reads as bytes', () => {
    expect(extendVocabulary(readTokenizer('byte-level'), ['Ġé', 'café']).skipped.map(({ reason }) => reason)).toEqual([
      'unwritable',
      'unwritable',
    ]);
  });

  it('extendVocabulary refuses words that would break texts', () => {
    const json = JSON.parse(new TextDecoder().decode(readTokenizer('metaspace')));
    json.pre_tokenizer = null;
    json.normalizer = {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    };
    json.decoder = {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    };
    const { replaced, skipped } = extendVocabulary(JSON.stringify(json), ['둔촌주공']);
    expect(replaced).toEqual([]);
    expect(skipped).toEqual([{ word: '둔촌주공', reason: 'breaks-round-trip' }]);
  });

  it('extendVocabulary tries its promise on texts with words of any signs', () => {
    const words = ['C++이다', '[둔촌]', '둔촌/주공', '가-나다라', '$마바사'];
    const texts = words.map((word) => `여기 ${word} 저기`);
    const { replaced, tokenizerJson } = extendVocabulary(readTokenizer('metaspace'), words, texts);
    expect(replaced.map(({ word }) => word)).toEqual(words);
    const after = loadTokenizer(tokenizerJson);
    for (const text of texts) expect(after.decode(after.encode(text))).toBe(text);
  });

  it('extendVocabulary without words gives the same tokenizer', () => {
    const { tokenizerJson, replaced } = extendVocabulary(readTokenizer('metaspace'), []);
    expect(replaced).toEqual([]);
    expect(JSON.parse(new TextDecoder().decode(tokenizerJson)).model.vocab).toEqual(
      JSON.parse(new TextDecoder().decode(readTokenizer('metaspace'))).model.vocab,
    );
  });
});

describe('renameInTokenizerFile', () => {
  it('renameInTokenizerFile renames tokens, which are special no more', () => {
    const file = {
      added_tokens_decoder: { 4: { content: '<unused0>', special: true } },
      additional_special_tokens: ['<unused0>', '<usr>'],
      bos_token: '</s>',
      '<unused0>': 4,
    };
    const replaced = [{ word: '둔촌주공', id: 4, replaced: '<unused0>', oldPieces: [1, 2] }];
    const renamed = renameInTokenizerFile(new TextEncoder().encode(JSON.stringify(file)), replaced);
    expect(JSON.parse(new TextDecoder().decode(renamed))).toEqual({
      added_tokens_decoder: {
        4: { content: '둔촌주공', special: false, normalized: false, lstrip: false, rstrip: false, single_word: false },
      },
      additional_special_tokens: ['<usr>'],
      bos_token: '</s>',
      둔촌주공: 4,
    });
  });
});

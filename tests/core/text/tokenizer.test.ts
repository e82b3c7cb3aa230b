import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { TokenizerFormatError } from '../../../core/text/tokenizer-json.js';
import { loadTokenizer } from '../../../core/text/tokenizer.js';
import type { TokenizerKind } from './tokenizers/extend.js';
import { readGolden, readTokenizer } from './tokenizers/extend.js';

const kinds: TokenizerKind[] = ['metaspace', 'byte-level'];

describe.each(kinds)('loadTokenizer: %s', (kind) => {
  const tokenizer = loadTokenizer(readTokenizer(kind));

  it('loadTokenizer encodes and decodes as the Python library does', () => {
    for (const { text, ids, decoded } of readGolden(kind).base) {
      expect({ text, ids: tokenizer.encode(text), decoded: tokenizer.decode(ids) }).toEqual({ text, ids, decoded });
    }
  });

  it('loadTokenizer knows its special and free tokens', () => {
    expect(tokenizer.vocabularySize).toBe(620);
    expect(tokenizer.specials).toEqual({ bos: 0, eos: 1, pad: 2, unk: 3 });
    expect(tokenizer.unusedTokens).toEqual(Array.from({ length: 6 }, (_, i) => ({ token: `<unused${i}>`, id: 4 + i })));
    expect(tokenizer.tokenToId('<unused2>')).toBe(6);
    expect(tokenizer.idToToken(6)).toBe('<unused2>');
    expect(tokenizer.decode([0, ...tokenizer.encode('집'), 1], { skipSpecialTokens: true })).toBe('집');
  });

  it('loadTokenizer gives back every text that does not begin with a blank', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !/^[ ▁]|[▁]|<|\uFFFD/u.test(value));
    fc.assert(
      fc.property(text, (value) => {
        expect(tokenizer.decode(tokenizer.encode(value))).toBe(value);
      }),
    );
  });
});

const tower = '['.repeat(5000) + ']'.repeat(5000);

describe('loadTokenizer', () => {
  it('loadTokenizer takes the names of special tokens from the configuration', () => {
    const config = { bos_token: '</s>', eos_token: { content: '</s>' }, pad_token: '<nowhere>' };
    expect(loadTokenizer(readTokenizer('metaspace'), config).specials).toEqual({ bos: 1, eos: 1, pad: 2, unk: 3 });
  });

  it('loadTokenizer reads the older spelling of a Metaspace without a first blank', () => {
    const json = JSON.parse(new TextDecoder().decode(readTokenizer('metaspace')));
    json.pre_tokenizer = { type: 'Metaspace', replacement: '▁', add_prefix_space: false };
    const tokenizer = loadTokenizer(JSON.stringify(json));
    expect(tokenizer.idToToken(tokenizer.encode('아파트')[0]!)).not.toMatch(/^▁/);
  });

  it('loadTokenizer says what is wrong with a configuration', () => {
    const withConfig = (config: string) => () => loadTokenizer(readTokenizer('metaspace'), config);
    expect(withConfig('[1]')).toThrow(/tokenizer_config.json: expected an object, got \[1\]/);
    expect(withConfig(tower)).toThrow(/tokenizer_config.json: expected at most 64 levels/);
  });

  it.each([
    ['a vocabulary', `{"model": {"type": "BPE", "vocab": ${tower}}}`],
    ['a normalizer', `{"model": {"vocab": {}}, "normalizer": ${tower}}`],
    [
      'a pre-tokenizer',
      `{"model": {"vocab": {}}, "pre_tokenizer": ${'{"pretokenizers":['.repeat(5000)}${']}'.repeat(5000)}}`,
    ],
    ['a part that is carried along', `{"model": {"vocab": {}}, "padding": ${tower}}`],
  ])('loadTokenizer refuses %s of 5,000 levels', (_, text) => {
    expect(() => loadTokenizer(text)).toThrow(TokenizerFormatError);
    expect(() => loadTokenizer(text)).toThrow(/tokenizer.json: expected at most 64 levels/);
  });

  it.each([
    ['', /tokenizer.json: expected UTF-8 JSON/],
    ['[]', /tokenizer.json: expected an object, got \[\]/],
    ['{}', /tokenizer.json: model: expected an object, got nothing/],
    [
      '{"model": {"type": "BPE", "vocab": {"a": "0"}, "merges": []}}',
      /model.vocab\["a"\]: expected an id ≥ 0, got "0"/,
    ],
    ['{"model": {"type": "BPE", "vocab": {"a": 0}}}', /model.merges: expected a list of pairs, got nothing/],
    [
      '{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "added_tokens": [{}]}',
      /added_tokens\[0\]: expected \{ id, content \}/,
    ],
    [
      '{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "decoder": {"type": "Other"}}',
      /Unknown Decoder type: Other/,
    ],
  ])('loadTokenizer says what is wrong with %s', (text, message) => {
    expect(() => loadTokenizer(text)).toThrow(message);
  });

  it('loadTokenizer refuses to guess when a piece has no id', () => {
    const tokenizer = loadTokenizer('{"model": {"type": "WordLevel", "vocab": {"a": 0}}, "decoder": null}');
    expect(() => tokenizer.encode('b')).toThrow(/an id or an unknown token for "b"/);
  });
});

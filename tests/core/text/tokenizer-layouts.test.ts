import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RandomSequence } from '../../../core/random/counter.js';
import { canonicalTokenizer, tokenizerFilesAmong } from '../../../core/text/tokenizer-layouts.js';
import { loadTokenizer } from '../../../core/text/tokenizer.js';
import { TokenizerFormatError } from '../../../core/text/tokenizer-json.js';

const read = (name: string) => readFileSync(new URL(`layouts/${name}`, import.meta.url));

interface Golden {
  readonly text: string;
  readonly ids: readonly number[];
  readonly decoded?: string;
}

const goldens: Record<string, readonly Golden[]> = JSON.parse(read('goldens.json').toString());

function open(names: readonly string[], config = {}, files: (name: string) => Uint8Array = read) {
  const bytes = canonicalTokenizer(names, files, Buffer.from(JSON.stringify(config)));
  if (!bytes) throw new Error(`expected a layout for ${names.join(', ')}`);
  return loadTokenizer(bytes, config);
}

describe('canonicalTokenizer', () => {
  it.each([
    ['wordpiece', ['vocab.txt'], { do_lower_case: false }],
    ['wordpiece-lower', ['vocab.txt'], {}],
    ['byte-level', ['vocab.json', 'merges.txt'], {}],
  ])('canonicalTokenizer gives the ids of Transformers: %s', (layout, names, config) => {
    const tokenizer = open(names, config);
    for (const { text, ids } of goldens[layout] ?? [])
      expect({ text, ids: tokenizer.encode(text, { addSpecialTokens: true }) }).toEqual({ text, ids });
  });

  it.each(['spiece', 'identity', 'bpe', 'bytes'])(
    'canonicalTokenizer gives the ids of SentencePiece: %s.model',
    (layout) => {
      const tokenizer = open(['spiece.model'], {}, () => read(`${layout}.model`));
      for (const { text, ids } of goldens[layout] ?? [])
        expect({ text, ids: tokenizer.encode(text) }).toEqual({ text, ids });
    },
  );

  it('canonicalTokenizer decodes what SentencePiece decodes where nothing is unknown', () => {
    const tokenizer = open(['tokenizer_78b3253a26.model'], {}, () => read('spiece.model'));
    const known = (goldens['spiece'] ?? []).filter(({ ids }) => !ids.includes(0));
    expect(known.length).toBeGreaterThan(3);
    for (const { ids, decoded } of known) expect(tokenizer.decode(ids)).toBe(decoded);
  });

  it('canonicalTokenizer knows the special tokens of each layout, and frames texts as BERT does', () => {
    const sentencePiece = open(['spiece.model']);
    expect(sentencePiece.specials).toEqual({ bos: 2, eos: 3, pad: 1, unk: 0 });
    expect(sentencePiece.encode('분당', { addSpecialTokens: true })).toEqual([2, ...sentencePiece.encode('분당'), 3]);
    expect(sentencePiece.encode('둔촌주공')).toContain(sentencePiece.tokenToId('둔촌주공'));
    expect(sentencePiece.decode([2, ...sentencePiece.encode('분당'), 3], { skipSpecialTokens: true })).toBe('분당');
    expect(open(['vocab.txt']).specials).toEqual({ bos: 2, eos: 3, pad: 0, unk: 1 });
    expect(open(['vocab.json', 'merges.txt']).specials).toMatchObject({ bos: 0, eos: 0 });
  });

  it('canonicalTokenizer keeps Hangul together where accents are stripped', () => {
    const plain = open(['spiece.model']);
    const stripped = open(['spiece.model'], { keep_accents: false, remove_space: true });
    const identity = open(['spiece.model'], { keep_accents: false }, () => read('identity.model'));
    expect(stripped.encode('강남구는 비싸다')).toEqual(plain.encode('강남구는 비싸다'));
    expect(identity.encode('강남구는 비싸다')).toEqual(plain.encode('강남구는 비싸다'));
    expect(stripped.encode('thé house')).toEqual(plain.encode('the house'));
  });

  it('tokenizerFilesAmong takes tokenizer.json before other layouts', () => {
    expect(tokenizerFilesAmong(['vocab.txt', 'tokenizer.json'])).toEqual(['tokenizer.json']);
    expect(tokenizerFilesAmong(['merges.txt', 'vocab.json'])).toEqual(['vocab.json', 'merges.txt']);
    expect(tokenizerFilesAmong(['vocab.json'])).toBeUndefined();
    expect(canonicalTokenizer(['config.json'], read)).toBeUndefined();
  });

  it.each([
    [['vocab.txt'], '가\n나\n', /vocab.txt: expected a line \[UNK\], got 2 other lines/],
    [['vocab.json', 'merges.txt'], '[]', /vocab.json: expected tokens with their ids, got \[\]/],
    [['vocab.json', 'merges.txt'], 'null', /vocab.json: expected tokens with their ids, got null/],
    [['spiece.model'], 'plain text', /spiece.model: expected a SentencePiece model/],
    [['spiece.model'], '', /spiece.model: expected a SentencePiece model/],
    [['tokenizer.json'], '{}', /tokenizer.json: model/],
  ])('canonicalTokenizer says what is wrong with %s', (names, content, message) => {
    expect(() => canonicalTokenizer(names, () => Buffer.from(content))).toThrow(message);
  });

  it('canonicalTokenizer refuses a vocab.json of 5,000 levels', () => {
    const tower = Buffer.from(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`);
    expect(() => canonicalTokenizer(['vocab.json', 'merges.txt'], () => tower)).toThrow(
      /vocab.json: expected at most 64 levels/,
    );
  });

  it('canonicalTokenizer refuses models that it cannot say in merges or probabilities', () => {
    const ofKind = (kind: number) => Buffer.concat([read('identity.model'), Buffer.from([0x12, 2, 0x18, kind])]);
    const open = (bytes: Uint8Array) => canonicalTokenizer(['spiece.model'], () => bytes);
    expect(() => open(ofKind(3))).toThrow(/a unigram or bpe model, got a word model/);
    expect(() => open(ofKind(2))).toThrow(/a bpe model without pieces that a user defined, got "둔촌주공"/);
  });

  it('canonicalTokenizer reads or refuses 2,000 mutations of a SentencePiece model', () => {
    const random = new RandomSequence({ seed: 3, stream: 'spiece', step: 0 });
    const original = read('identity.model');
    const surprises = Array.from({ length: 2000 }, () => {
      const cut = random.integer(4) === 0 ? random.integer(original.length) : original.length;
      const bytes = Buffer.from(original.subarray(0, cut));
      for (let edits = random.integer(4); edits > 0 && cut > 0; edits--)
        bytes[random.integer(cut)] = random.integer(256);
      try {
        canonicalTokenizer(['spiece.model'], () => bytes);
        return undefined;
      } catch (error) {
        return error instanceof TokenizerFormatError ? undefined : error;
      }
    });
    expect(surprises.filter((error) => error !== undefined)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';

import { loadTokenizer } from '../../../core/text/tokenizer.js';
import { decisions, missingNouns, worthAdding } from '../../../core/text/vocabulary-candidates.js';
import { extendVocabulary } from '../../../core/text/vocabulary.js';
import type { TokenizerKind } from './tokenizers/extend.js';
import { readTokenizer } from './tokenizers/extend.js';

const kinds: TokenizerKind[] = ['metaspace', 'byte-level'];

describe.each(kinds)('missingNouns: %s', (kind) => {
  const tokenizer = loadTokenizer(readTokenizer(kind));

  it('missingNouns tells the pieces before and after in running text, and what an entry of its own saves', () => {
    const [found] = missingNouns([{ noun: '둔촌주공', count: 7 }], tokenizer);
    const after = loadTokenizer(extendVocabulary(readTokenizer(kind), ['둔촌주공']).tokenizerJson);
    const length = (reader: typeof tokenizer, text: string) => reader.encode(text).length;
    const [before, now] = [tokenizer, after].map((reader) => length(reader, '여기 둔촌주공') - length(reader, '여기'));
    expect(found).toEqual({
      noun: '둔촌주공',
      count: 7,
      pieces: before,
      piecesAfter: now,
      saved: 7 * (before! - now!),
    });
    expect(missingNouns([{ noun: '둔촌주공', count: 7 }], after)).toEqual([]);
  });

  it('missingNouns ranks by what is saved', () => {
    const nouns = [
      { noun: '둔촌주공', count: 5 },
      { noun: '영끌족', count: 500 },
      { noun: '똠방각하', count: 50 },
    ];
    const saved = missingNouns(nouns, tokenizer).map((noun) => noun.saved);
    expect(saved).toHaveLength(3);
    expect(saved).toEqual(saved.toSorted((a, b) => b - a));
  });
});

describe('decisions', () => {
  it('decisions says of every candidate that it was added, or why not', () => {
    const tokenizer = loadTokenizer(readTokenizer('metaspace'));
    const nouns = missingNouns(
      ['둔촌주공', '영끌족', '▁밑줄', '똠방각하', '가나다라'].map((noun, i) => ({ noun, count: 100 - 10 * i })),
      tokenizer,
    );
    const saving = [...nouns, { noun: '쓸모', count: 90, pieces: 2, piecesAfter: 2, saved: 0 }];
    const worthy = worthAdding(saving, 70);
    expect(worthy.map(({ noun }) => noun).sort()).toEqual(['▁밑줄', '둔촌주공', '똠방각하', '영끌족'].sort());
    const extended = extendVocabulary(
      readTokenizer('metaspace'),
      worthy.map(({ noun }) => noun),
      [],
      2,
    );
    const decided = decisions(saving, 70, extended);
    expect(decided.map(({ word }) => word)).toEqual(saving.map(({ noun }) => noun));
    const byWord = Object.fromEntries(decided.map(({ word, decision }) => [word, decision]));
    expect(byWord).toMatchObject({ 가나다라: 'too-rare', 쓸모: 'saves-nothing', '▁밑줄': 'unwritable' });
    expect(Object.values(byWord).filter((decision) => decision === 'added')).toHaveLength(2);
    expect(Object.values(byWord).filter((decision) => decision === 'beyond-limit')).toHaveLength(1);
    expect(extended.replaced.map(({ word }) => word)).toEqual(
      decided.filter(({ decision }) => decision === 'added').map(({ word }) => word),
    );
  });
});

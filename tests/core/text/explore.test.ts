import { describe, expect, it } from 'vitest';

import { association, explore, missingNouns } from '../../../core/text/explore.js';
import type { CleanRecord } from '../../../core/text/records.js';
import { loadTokenizer } from '../../../core/text/tokenizer.js';
import { extendVocabulary } from '../../../core/text/vocabulary.js';
import { readTokenizer } from './tokenizers/extend.js';

const tokenizer = loadTokenizer(readTokenizer('metaspace'));
const settings = {
  keywords: ['아파트', '빌라', '원룸'],
  language: 'ko',
  topKeywords: 2,
  coOccurringNouns: 3,
  minNounCount: 4,
};

function record(id: number, source: string, text: string, keywords: string[]): CleanRecord {
  return { id: String(id), source, text, keywords };
}

const records = [
  record(0, 'news', '아파트는 관리비가 비싸고 아파트가 좋다', ['아파트']),
  record(1, 'news', '아파트 관리비는 높고 주차장이 넓다', ['아파트']),
  record(2, 'cafe', '아파트도 주차장은 좁다', ['아파트']),
  record(3, 'cafe', '빌라는 주차장이 없고 관리비가 싸다', ['빌라']),
  record(4, 'cafe', '빌라가 주차장도 없다 관리비도', ['빌라']),
];

describe('explore', () => {
  const found = explore(records, tokenizer, settings);

  it('explore counts texts and occurrences of every keyword, by source', () => {
    expect(found.texts).toBe(5);
    expect(found.textsBySource).toEqual({ cafe: 3, news: 2 });
    expect(found.keywords).toEqual([
      { keyword: '아파트', texts: 3, occurrences: 4, textsBySource: { cafe: 1, news: 2 } },
      { keyword: '빌라', texts: 2, occurrences: 2, textsBySource: { cafe: 2 } },
      { keyword: '원룸', texts: 0, occurrences: 0, textsBySource: {} },
    ]);
  });

  it('explore names the nouns that stand beside frequent keywords', () => {
    expect(found.company.map(({ keyword }) => keyword)).toEqual(['아파트', '빌라']);
    expect(found.company[0]?.nouns.map(({ noun, texts }) => [noun, texts])).toEqual([
      ['관리비', 2],
      ['주차장', 2],
    ]);
    // 관리비 stands in 4 of 5 texts, 아파트 in 3, both in 2: log2(2 · 5 / (3 · 4))
    expect(found.company[0]?.nouns[0]?.pmi).toBeCloseTo(Math.log2(10 / 12), 12);
  });

  it('explore lists nouns that the vocabulary lacks, and none once they are added', () => {
    const missing = found.missingNouns.map(({ noun }) => noun);
    expect(missing.sort()).toEqual(['관리비', '주차장']);
    const extended = extendVocabulary(readTokenizer('metaspace'), missing);
    expect(explore(records, loadTokenizer(extended.tokenizerJson), settings).missingNouns).toEqual([]);
  });

  it('explore takes content words in other languages', () => {
    const english = [
      'the old villa has a garden',
      'the villa and the garden',
      'the flat is small',
      'the flat has no garden',
      'the end',
      'the start',
    ];
    const list = english.map((text, i) => record(i, 'web', text, text.includes('villa') ? ['villa'] : []));
    const { company, nouns } = explore(list, tokenizer, {
      ...settings,
      keywords: ['villa'],
      language: 'en',
      minNounCount: 2,
    });
    expect(nouns.map(({ noun }) => noun)).not.toContain('the');
    expect(company).toEqual([{ keyword: 'villa', nouns: [] }]);
  });
});

describe('missingNouns', () => {
  it('missingNouns tells how many tokens an entry of its own saves in running text', () => {
    const [first] = missingNouns([{ noun: '둔촌주공', count: 7 }], tokenizer);
    const after = loadTokenizer(extendVocabulary(readTokenizer('metaspace'), ['둔촌주공']).tokenizerJson);
    const text = '여기 둔촌주공 저기';
    expect(first?.saved).toBe(7 * (tokenizer.encode(text).length - after.encode(text).length));
  });
});

describe('association', () => {
  it('association is that of Dunning 1993 and of Church and Hanks 1990', () => {
    // "the swiss": 110 together, 2442 + 110 and 111 + 110 apart, 29114 + … in all (Dunning's Table 2, first row).
    const { pmi, logLikelihood } = association(110, 110 + 2442, 110 + 111, 110 + 2442 + 111 + 29114);
    expect(logLikelihood).toBeCloseTo(270.72, 1);
    expect(pmi).toBeCloseTo(Math.log2((110 * 31777) / (2552 * 221)), 12);
  });

  it('association is none for independence and negative for avoidance', () => {
    expect(association(10, 20, 50, 100).logLikelihood).toBeCloseTo(0, 9);
    expect(association(2, 20, 50, 100).logLikelihood).toBeLessThan(0);
  });
});

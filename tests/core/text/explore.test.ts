import { describe, expect, it } from 'vitest';

import { explore } from '../../../core/text/explore.js';
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

function record(id: number, source: string, text: string, keywords: string[], date?: string): CleanRecord {
  return { id: String(id), source, text, keywords, date };
}

const records = [
  record(0, 'news', '아파트는 관리비가 비싸고 아파트가 좋다', ['아파트'], '2021-02-03'),
  record(1, 'news', '아파트 관리비는 높고 주차장이 넓다', ['아파트'], '2020-02-03'),
  record(2, 'cafe', '아파트도 주차장은 좁다', ['아파트']),
  record(3, 'cafe', '빌라는 주차장이 없고 관리비가 싸다', ['빌라'], '2020-12-31T23:00:00+09:00'),
  record(4, 'cafe', '빌라가 주차장도 없다 관리비도', ['빌라']),
];

describe('explore', () => {
  const found = explore(records, tokenizer, settings);

  it('explore counts texts and occurrences of every keyword, by source', () => {
    expect(found.texts).toBe(5);
    expect(found.textsBySource).toEqual({ cafe: 3, news: 2 });
    expect(found.keywords).toEqual([
      {
        keyword: '아파트',
        texts: 3,
        occurrences: 4,
        textsBySource: { cafe: 1, news: 2 },
        textsByYear: { '2020': 1, '2021': 1, undated: 1 },
      },
      {
        keyword: '빌라',
        texts: 2,
        occurrences: 2,
        textsBySource: { cafe: 2 },
        textsByYear: { '2020': 1, undated: 1 },
      },
      { keyword: '원룸', texts: 0, occurrences: 0, textsBySource: {}, textsByYear: {} },
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

  it('explore tells the frequency of every noun, by source and by year', () => {
    expect(found.nouns.find(({ noun }) => noun === '관리비')).toEqual({
      noun: '관리비',
      count: 4,
      foundBy: ['statistics'],
      texts: 4,
      textsBySource: { cafe: 2, news: 2 },
      textsByYear: { '2020': 2, '2021': 1, undated: 1 },
    });
  });

  it('explore names the company of the same keywords in the texts of each source and each year', () => {
    expect(found.companyBySource.map(({ name, texts }) => [name, texts])).toEqual([
      ['cafe', 3],
      ['news', 2],
    ]);
    const news = found.companyBySource[1]?.company;
    expect(news?.map(({ keyword, texts }) => [keyword, texts])).toEqual([['아파트', 2]]);
    // Within the news, both texts name 아파트 and both hold 관리비: no surprise.
    expect(news?.[0]?.nouns[0]).toEqual({ noun: '관리비', texts: 2, pmi: 0, logLikelihood: 0 });
    expect(found.companyByYear.map(({ name, texts }) => [name, texts])).toEqual([
      ['2020', 2],
      ['2021', 1],
      ['undated', 2],
    ]);
  });

  it('explore adds the nouns of an analyser to those of the statistics, and says who found which', () => {
    const nouns = records.map(({ text }) =>
      [...(text.includes('주차장') ? ['주차장', '차장'] : []), '드묾'].slice(0, 2),
    );
    const { nouns: all, missingNouns, company } = explore(records, tokenizer, settings, { analyser: 'kiwi', nouns });
    const foundBy = Object.fromEntries(all.map((row) => [row.noun, row.foundBy]));
    expect(foundBy['관리비']).toEqual(['statistics']);
    expect(foundBy['주차장']).toEqual(['statistics', 'kiwi']);
    expect(foundBy['차장']).toEqual(['kiwi']);
    expect(foundBy['드묾']).toBeUndefined();
    expect(missingNouns.map(({ noun }) => noun)).toContain('차장');
    expect(company[0]?.nouns.map(({ noun }) => noun)).toContain('차장');
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
    expect(company).toEqual([{ keyword: 'villa', texts: 2, nouns: [] }]);
  });
});

import { describe, expect, it } from 'vitest';

import { association, companyOf } from '../../../core/text/company.js';

/** Dunning 1993, table of the 30 words about Swiss banks: −2 log λ, k(AB), k(A¬B), k(¬AB), k(¬A¬B). */
const dunning = [
  [270.72, 110, 2442, 111, 29114],
  [263.9, 29, 13, 123, 31612],
  [256.84, 31, 23, 139, 31584],
  [167.23, 10, 0, 3, 31764],
  [157.21, 76, 104, 2476, 29121],
] as const;

describe('association', () => {
  it.each(dunning)(
    'association gives the log-likelihood ratio %f of Dunning 1993',
    (expected, both, first, second, none) => {
      const { logLikelihood } = association(both, both + first, both + second, both + first + second + none);
      expect(logLikelihood).toBeCloseTo(expected, 1);
    },
  );

  it('association gives the mutual information of Church and Hanks 1990', () => {
    const { pmi } = association(110, 110 + 2442, 110 + 111, 31777);
    expect(pmi).toBeCloseTo(Math.log2((110 * 31777) / (2552 * 221)), 12);
  });

  it('association is none for independence and negative for avoidance', () => {
    expect(association(10, 20, 50, 100).logLikelihood).toBeCloseTo(0, 9);
    expect(association(2, 20, 50, 100).logLikelihood).toBeLessThan(0);
  });
});

describe('companyOf', () => {
  const read = (keywords: string[], nouns: string[]) => ({
    record: { id: '', source: 'news', text: '', keywords },
    nouns: new Set(nouns),
  });
  const texts = [
    read(['빌라'], ['주차장', '빌라촌']),
    read(['빌라', '아파트'], ['주차장', '관리비']),
    read(['아파트'], ['관리비']),
    read([], ['관리비']),
  ];

  it('companyOf ranks nouns by the texts that hold both, and leaves out those of the same letters', () => {
    const [villa] = companyOf(['빌라'], texts, 10);
    expect(villa).toMatchObject({ keyword: '빌라', texts: 2 });
    expect(villa?.nouns).toEqual([
      { noun: '주차장', texts: 2, ...association(2, 2, 2, 4) },
      { noun: '관리비', texts: 1, ...association(1, 2, 3, 4) },
    ]);
  });

  it('companyOf leaves out keywords that no text names', () => {
    expect(companyOf(['원룸', '아파트'], texts, 1).map(({ keyword, nouns }) => [keyword, nouns.length])).toEqual([
      ['아파트', 1],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { formatCsv } from '../../../core/report/csv.js';
import { SENTENCE_COLUMNS, sentencesCsv } from '../../../core/report/index.js';

describe('formatCsv', () => {
  it('quotes as RFC 4180 says', () => {
    expect(
      formatCsv(
        ['a', 'b'],
        [
          ['x,y', 'say "no"'],
          ['two\nlines', 1.5],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""no"""\r\n"two\nlines",1.5\r\n');
  });

  it('lets no text be taken for a formula, and leaves negative numbers alone', () => {
    const rows = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '＝1', '=cmd|"/c calc"!A0'].map((text) => [text, -1]);
    const lines = formatCsv(['text', 'n'], rows).split('\r\n').slice(1, -1);
    for (const line of lines) expect(line).toMatch(/^"?'.*,-1$/);
    expect(formatCsv(['n'], [[NaN], [undefined]])).toBe('n\r\n\r\n\r\n');
  });
});

describe('sentencesCsv', () => {
  it('has a row for each model and probe', () => {
    const sentence = { keyword: '빌라', group: 'types', promptIndex: 1, repetition: 0, prompt: '빌라는', score: 0.25 };
    const csv = sentencesCsv([
      { model: 'baseline', sentences: [{ ...sentence, text: '빌라는 좋다, 정말', reward: -0.5 }] },
      { model: 'ppo epochs=2 seed=0', epochs: 2, seed: 0, sentences: [{ ...sentence, text: '=빌라' }] },
    ]);
    expect(csv.split('\r\n')).toEqual([
      SENTENCE_COLUMNS.join(','),
      'baseline,,,types,빌라,1,0,빌라는,"빌라는 좋다, 정말",0.25,-0.5',
      "ppo epochs=2 seed=0,2,0,types,빌라,1,0,빌라는,'=빌라,0.25,",
      '',
    ]);
  });

  it('has a column for each further measure', () => {
    const sentence = { keyword: '빌라', group: 'types', promptIndex: 0, repetition: 0, prompt: '빌라는', score: 0.25 };
    const csv = sentencesCsv([
      { model: 'baseline', sentences: [{ ...sentence, text: '빌라는 좋다', others: { words: 0.5 } }] },
      { model: 'ppo epochs=1 seed=0', sentences: [{ ...sentence, text: '빌라는', others: { words: 0 }, reward: 1 }] },
    ]);
    const [head, ...rows] = csv.trimEnd().split('\r\n');
    expect(head).toBe(`${SENTENCE_COLUMNS.join(',')},measure_words`);
    expect(rows.map((row) => row.split(',').slice(-3))).toEqual([
      ['0.25', '', '0.5'],
      ['0.25', '1', '0'],
    ]);
  });
});

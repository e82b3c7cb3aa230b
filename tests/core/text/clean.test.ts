import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cleanReasons, cleanTexts } from '../../../core/text/clean.js';
import type { RawRecord } from '../../../core/text/records.js';
import { visible } from '../../../core/text/records.js';

const settings = {
  keywords: ['아파트', '빌라', '강남구'],
  minCharacters: 8,
  maxCharacters: 60,
  nearDuplicateSimilarity: 0.8,
};
let number = 0;

function raw(text: string, more: Partial<RawRecord> = {}): RawRecord {
  return { id: `news:${number++}`, source: 'news', article: 'a', kind: 'comment', text, status: visible, ...more };
}

describe('cleanTexts', () => {
  it('cleanTexts drops each text for one reason and counts it', async () => {
    const records = [
      raw('강남구 <b>아파트</b>는 너무&amp;#x20;비싸요', { date: '2020-04-28T03:24:05.000Z' }),
      raw('아파트 이야기입니다만', { status: { ...visible, deleted: true } }),
      raw('작성자에 의해 삭제된 댓글입니다.'),
      raw('아파트 이야기입니다만', { status: { ...visible, blind: true } }),
      raw('클린봇이 부적절한 표현을 감지한 댓글입니다.', { status: { ...visible, hiddenByCleanbot: true } }),
      raw('아파트 이야기입니다만', { status: { ...visible, hidden: true } }),
      raw('<br>\u200B !!'),
      raw('빌라 굿'),
      raw('아파트 값이 참 '.repeat(9)),
      raw('오늘 날씨가 참 좋습니다', { source: 'cafe' }),
      raw('강남구 아파트는 너무 비싸요!!', { source: 'cafe' }),
      raw('강남구 아파트는 너무 비싸요 흠'),
      raw('빌라 문의는 010-1234-5678 로 주세요'),
    ];
    const { kept, counts, countsBySource, masked } = await cleanTexts(records, {
      ...settings,
      nearDuplicateSimilarity: 0.6,
    });
    expect(kept).toEqual([
      {
        id: records[0]!.id,
        source: 'news',
        text: '강남구 아파트는 너무 비싸요',
        date: '2020-04-28T03:24:05.000Z',
        keywords: ['강남구', '아파트'],
      },
      { id: records[12]!.id, source: 'news', text: '빌라 문의는 [전화번호] 로 주세요', keywords: ['빌라'] },
    ]);
    expect(counts).toEqual({
      input: 13,
      kept: 2,
      deleted: 2,
      blind: 1,
      'hidden-by-cleanbot': 1,
      hidden: 1,
      empty: 1,
      'too-short': 1,
      'too-long': 1,
      'no-keyword': 1,
      duplicate: 1,
      'near-duplicate': 1,
    });
    expect(countsBySource['cafe']).toMatchObject({ input: 2, kept: 0, 'no-keyword': 1, duplicate: 1 });
    expect(masked.phone).toBe(1);
  });

  it('cleanTexts keeps what the abuse filter hid when asked to, but not its marker', async () => {
    const hidden = { ...visible, hiddenByCleanbot: true };
    const records = [
      raw('아파트 사는 것들은 다 싫다', { status: hidden }),
      raw('클린봇이 부적절한 표현을 감지한 댓글입니다.', { status: hidden }),
    ];
    const { kept, counts } = await cleanTexts(records, { ...settings, keepHiddenByCleanbot: true });
    expect(kept.map(({ text }) => text)).toEqual(['아파트 사는 것들은 다 싫다']);
    expect(counts['hidden-by-cleanbot']).toBe(1);
  });

  it('cleanTexts keeps and drops as many as came in, in their order', async () => {
    const text = fc
      .array(
        fc.constantFrom(
          '아파트',
          '빌라',
          ' ',
          '좋다',
          '<br>',
          '&amp;',
          '010-1234-5678',
          '삭제된 댓글입니다',
          '가나다라마바사',
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join(''));
    const record = fc.record({ text, source: fc.constantFrom('news', 'cafe'), deleted: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 20 }), async (list) => {
        const records = list.map(({ text: content, source, deleted }, i) =>
          raw(content, { id: String(i), source, status: { ...visible, deleted } }),
        );
        const { kept, counts, countsBySource } = await cleanTexts(records, settings);
        const dropped = cleanReasons.reduce((sum, reason) => sum + counts[reason], 0);
        expect(kept.length + dropped).toBe(records.length);
        expect(Object.values(countsBySource).reduce((sum, own) => sum + own.kept, 0)).toBe(counts.kept);
        expect(kept.map(({ id }) => Number(id))).toEqual(kept.map(({ id }) => Number(id)).sort((a, b) => a - b));
      }),
    );
  });

  it('cleanTexts keeps texts that name a keyword with a long run, or beside a letter whose lower case is longer', async () => {
    const { kept } = await cleanTexts([raw('Oh aaaargh, said the man'), raw('Dün İstanbul ve ankara güzeldi')], {
      ...settings,
      keywords: ['aaaargh', 'Ankara'],
      maxRun: 2,
    });
    expect(kept.map(({ keywords }) => keywords)).toEqual([['aaaargh'], ['Ankara']]);
  });
});

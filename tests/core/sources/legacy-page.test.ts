import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';

import { ParseDriftError } from '../../../core/sources/errors.js';
import { readLegacyArticle, readLegacyList } from '../../../core/sources/legacy-page.js';
import { textOf } from '../../../core/sources/page-body.js';
import { response } from './responses.js';

const lie = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">';
const korean = (markup: string) =>
  response(iconv.encode(markup, 'cp949'), { headers: { 'content-type': 'text/html; charset=EUC-KR' } });

describe('textOf', () => {
  it('textOf believes the header before the page, and reads EUC-KR as its superset', () => {
    expect(textOf(korean(`${lie}똠방각하 뷁`))).toContain('똠방각하 뷁');
  });

  it('textOf believes the page where the header says nothing, and takes UTF-8 where nobody does', () => {
    const meta = '<meta charset="euc-kr">한글';
    expect(textOf(response(iconv.encode(meta, 'cp949'), { headers: {} }))).toBe(meta);
    expect(textOf(response('한글', { headers: { 'content-type': 'text/html' } }))).toBe('한글');
    expect(textOf(response('한글', { headers: { 'content-type': 'text/html; charset=nonsense' } }))).toBe('한글');
  });
});

describe('readLegacyList', () => {
  const row = '<a class="m-tcol-c" href="/ArticleRead.nhn?clubid=1&amp;articleid=42&amp;page=1">뷁</a>';

  it('readLegacyList takes each article once', () => {
    expect(readLegacyList(korean(row + row), 1)).toEqual(['42']);
  });

  it('readLegacyList without links is the end, but not on the first page', () => {
    expect(readLegacyList(korean('<table></table>'), 2)).toEqual([]);
    expect(() => readLegacyList(korean('<table></table>'), 1)).toThrow(ParseDriftError);
  });
});

describe('readLegacyArticle', () => {
  it('readLegacyArticle makes a record of each paragraph', () => {
    const page = `${lie}<div class="tit-box"><span class="b">제목</span><td class="m-tcol-c date">2006.11.03. 21:14</td></div><div id="tbody">똠방 아파트<br><br>둘째 뷁</div>`;
    expect(readLegacyArticle(korean(page), 'cafe', '1:42').map(({ id, text, date }) => [id, text, date])).toEqual([
      ['cafe:1:42:p0', '똠방 아파트', '2006-11-03T12:14:00.000Z'],
      ['cafe:1:42:p1', '둘째 뷁', '2006-11-03T12:14:00.000Z'],
    ]);
  });
});

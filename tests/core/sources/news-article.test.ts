import { describe, expect, it } from 'vitest';

import { ArticleMissingError, ParseDriftError } from '../../../core/sources/errors.js';
import { readNewsArticle, readNewsList } from '../../../core/sources/news-article.js';
import { response } from './responses.js';

const list = (numbers: string[], paging: string): string =>
  `<ul class="type06_headline">${numbers.map((n) => `<li><dl><dt class="photo"><a href="/news/article/003/${n}"><img></a></dt><dt><a href="/news/article/003/${n}?sid=1">제목</a></dt></dl></li>`).join('')}</ul><div class="paging">${paging}</div>`;

describe('readNewsList', () => {
  it('readNewsList takes each article once', () => {
    const page = list(['0000000001', '0000000002'], '<strong>1</strong><a href="?page=2">2</a>');
    expect(readNewsList(response(page), 1)).toEqual({
      articles: [
        { oid: '003', aid: '0000000001' },
        { oid: '003', aid: '0000000002' },
      ],
      hasNext: true,
    });
  });

  it('readNewsList sees that the last page came again', () => {
    const page = list(['0000000001'], '<a href="?page=1">1</a><strong>2</strong>');
    expect(readNewsList(response(page), 2).hasNext).toBe(false);
    expect(readNewsList(response(page), 3)).toEqual({ articles: [], hasNext: false });
  });

  it('readNewsList says that the list is gone', () => {
    expect(() => readNewsList(response('<ul class="other"></ul>'), 1)).toThrow(ParseDriftError);
  });
});

describe('readNewsArticle', () => {
  const number = { oid: '003', aid: '0000000001' };
  const page =
    '<h2 id="title_area"><span>집값 오른다</span></h2><span class="_ARTICLE_DATE_TIME" data-date-time="2020-04-28 12:24:05"></span><article id="dic_area">첫 문단<br>둘째<script>x()</script></article>';

  it('readNewsArticle reads headline, body and date', () => {
    expect(readNewsArticle(response(page), number, 'news')).toMatchObject({
      id: 'news:003,0000000001',
      kind: 'article',
      text: '집값 오른다\n첫 문단\n둘째',
      date: '2020-04-28T03:24:05.000Z',
    });
  });

  it('readNewsArticle names the part that is gone', () => {
    expect(() => readNewsArticle(response(page.replace('dic_area', 'body')), number, 'news')).toThrow(
      /at #dic_area, got none/,
    );
    expect(() => readNewsArticle(response('', { status: 404 }), number, 'news')).toThrow(ArticleMissingError);
  });
});

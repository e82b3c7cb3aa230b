import { describe, expect, it } from 'vitest';

import { readCafeArticle, readCafeComments, readCafeList } from '../../../core/sources/cafe-format.js';
import { createCafeSource } from '../../../core/sources/cafe.js';
import {
  ArticleMissingError,
  GradeTooLowError,
  LoginRequiredError,
  NotJsonError,
  ParseDriftError,
} from '../../../core/sources/errors.js';
import { json, response } from './responses.js';

const place = { source: 'cafe', article: '1:7' };
const list = (ids: number[]) =>
  json({
    result: {
      articleList: [
        { type: 'AD', item: { other: 1 } },
        ...ids.map((articleId) => ({ type: 'ARTICLE', item: { articleId, blindArticle: articleId === 9 } })),
      ],
    },
  });
const article = (more: object = {}) =>
  json({
    result: {
      article: {
        subject: '제목',
        contentHtml:
          '<div><p class="se-text-paragraph"><span>그건 &amp;#x27;진짜&amp;#x27;</span></p><p class="se-text-paragraph">\u200B</p><p class="se-text-paragraph">둘째 <b>문단</b></p></div>',
        writeDate: 1_588_044_245_000,
        commentCount: 1,
        ...more,
      },
      comments: {
        items: [
          { id: 5, refId: 5, content: '댓글', updateDate: 1_588_044_245_000, writer: { nick: 'x' } },
          { id: 6, refId: 5, isDeleted: true },
        ],
      },
    },
  });

describe('readCafeList', () => {
  it('readCafeList takes articles alone, and none that is blinded', () => {
    expect(readCafeList(list([3, 9, 4]))).toEqual({ hasItems: true, articleIds: ['3', '4'] });
    expect(readCafeList(json({ result: { articleList: [] } }))).toEqual({ hasItems: false, articleIds: [] });
  });

  it('readCafeList tells a login page, a closed board and a new format apart', () => {
    expect(() => readCafeList(response('<html>로그인</html>'))).toThrow(NotJsonError);
    expect(() => readCafeList(json({}, { status: 401 }))).toThrow(LoginRequiredError);
    expect(() => readCafeList(json({ result: { articles: [] } }))).toThrow(/at result.articleList, got nothing/);
    expect(() => readCafeList(json({ result: { articleList: [{ type: 'ARTICLE', item: {} }] } }))).toThrow(
      ParseDriftError,
    );
  });
});

describe('readCafeArticle', () => {
  it('readCafeArticle makes a record of each paragraph and each comment', () => {
    const { records, commentCount, commentsRead } = readCafeArticle(article(), place);
    expect(records.map(({ id, kind, text }) => [id, kind, text])).toEqual([
      ['cafe:1:7:p0', 'post', '그건 &#x27;진짜&#x27;'],
      ['cafe:1:7:p1', 'post', '둘째 문단'],
      ['cafe:1:7:c5', 'comment', '댓글'],
      ['cafe:1:7:c6', 'reply', ''],
    ]);
    expect(records[0]?.date).toBe('2020-04-28T03:24:05.000Z');
    expect(records[3]?.status.deleted).toBe(true);
    expect([commentCount, commentsRead]).toEqual([1, 2]);
  });

  it('readCafeArticle knows members-only and missing articles', () => {
    expect(() => readCafeArticle(json({}, { status: 401 }), place)).toThrow(LoginRequiredError);
    expect(() => readCafeArticle(json({}, { status: 404 }), place)).toThrow(ArticleMissingError);
    expect(() => readCafeArticle(article({ contentHtml: undefined }), place)).toThrow(/at result.article.contentHtml/);
  });
});

describe('readCafeComments', () => {
  it('readCafeComments tells pages apart by their first comment', () => {
    expect(readCafeComments(json({ result: { comments: { items: [{ id: 5, content: 'a' }] } } }), place).first).toBe(
      '5',
    );
    expect(readCafeComments(json({ result: { comments: { items: [] } } }), place).first).toBe('');
  });
});

describe('createCafeSource', () => {
  const source = createCafeSource({ baseUrl: 'https://example.org', clubId: '1' });
  const [start] = source.start();

  it('createCafeSource leaves out what the page before had', () => {
    expect(source.read({ kind: 'list', page: 2, before: '3 4' }, list([4, 5])).tasks).toEqual([
      { kind: 'article', id: '5' },
      { kind: 'list', page: 3, before: '4 5' },
    ]);
  });

  it('createCafeSource takes an empty first page for a grade that is too low, a later one for the end', () => {
    const empty = json({ result: { articleList: [] } });
    expect(() => source.read(start!, empty)).toThrow(GradeTooLowError);
    expect(source.read({ kind: 'list', page: 2, before: '' }, empty).tasks).toEqual([]);
  });

  it('createCafeSource reads pages of comments until one comes again', () => {
    const [task] = source.read({ kind: 'article', id: '7' }, article({ commentCount: 150 })).tasks;
    const page = json({ result: { comments: { items: [{ id: 5, content: 'a' }] } } });
    const [next] = source.read(task!, page).tasks;
    expect(next).toEqual({ kind: 'comments', id: '7', page: 2, first: '5' });
    expect(source.read(next!, page)).toEqual({ records: [], tasks: [] });
  });
});

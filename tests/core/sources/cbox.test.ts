import { describe, expect, it } from 'vitest';

import { commentsUrl, readComments } from '../../../core/sources/cbox.js';
import { HttpStatusError, NotJsonError, ParseDriftError, RequestRefusedError } from '../../../core/sources/errors.js';
import { visible } from '../../../core/text/records.js';
import { jsonp, response } from './responses.js';

const query = { oid: '003', aid: '0009837633', page: 1 };

function comment(more: object = {}) {
  return {
    commentNo: 2104,
    parentCommentNo: 2104,
    replyLevel: 1,
    replyCount: 0,
    contents: '집값이 (정말); 비싸요',
    userName: 'heez****',
    userIdNo: 'u1',
    exposedUserIp: null,
    regTime: '2020-04-28T12:24:05+0900',
    deleted: false,
    blind: false,
    hiddenByCleanbot: false,
    secret: false,
    visible: true,
    expose: true,
    ...more,
  };
}

function answer(commentList: object[], morePage: object | null = { next: 'b', end: 'c' }, more: object = {}) {
  return {
    success: true,
    code: '1000',
    message: '요청을 성공적으로 처리하였습니다.',
    result: { commentList, morePage, ...more },
  };
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('readComments', () => {
  it('readComments makes records without anything about the writer', () => {
    const { records, next, parents } = readComments(
      jsonp(answer([comment(), comment({ commentNo: '720000000000000574', replyLevel: 2, contents: null })])),
      query,
      'news',
    );
    expect(records).toEqual([
      {
        id: 'news:003,0009837633:2104',
        source: 'news',
        article: '003,0009837633',
        kind: 'comment',
        text: '집값이 (정말); 비싸요',
        date: '2020-04-28T03:24:05.000Z',
        status: visible,
      },
      {
        id: 'news:003,0009837633:720000000000000574',
        source: 'news',
        article: '003,0009837633',
        kind: 'reply',
        text: '',
        date: '2020-04-28T03:24:05.000Z',
        status: visible,
      },
    ]);
    expect([next, parents]).toEqual(['b', []]);
  });

  it('readComments keeps the flags of deleted and hidden comments', () => {
    const flags = [
      { deleted: true },
      { blind: true },
      { hiddenByCleanbot: true },
      { secret: true },
      { visible: false },
      { expose: false },
    ];
    const { records } = readComments(jsonp(answer(flags.map((flag) => comment(flag)))), query, 'news');
    expect(records.map(({ status }) => status)).toEqual([
      { ...visible, deleted: true },
      { ...visible, blind: true },
      { ...visible, hiddenByCleanbot: true },
      { ...visible, hidden: true },
      { ...visible, hidden: true },
      { ...visible, hidden: true },
    ]);
  });

  it('readComments goes on until the cursor is the end', () => {
    expect(readComments(jsonp(answer([comment()], { next: 'c', end: 'c' })), query, 'news').next).toBeUndefined();
    expect(readComments(jsonp(answer([], { next: 'b', end: 'c' })), query, 'news').next).toBeUndefined();
    expect(thrownBy(() => readComments(jsonp(answer([comment()])), { ...query, next: 'b' }, 'news'))).toBeInstanceOf(
      ParseDriftError,
    );
  });

  it('readComments follows page numbers where an older answer has no cursor', () => {
    expect(readComments(jsonp(answer([comment()], null, { pageModel: { nextPage: 2 } })), query, 'news').next).toBe('');
    expect(
      readComments(jsonp(answer([comment()], null, { pageModel: { nextPage: 0 } })), query, 'news').next,
    ).toBeUndefined();
  });

  it('readComments names comments with replies', () => {
    expect(
      readComments(
        jsonp(answer([comment({ replyCount: 2 }), comment({ replyCount: 1, replyLevel: 2 })])),
        query,
        'news',
      ).parents,
    ).toEqual(['2104']);
  });

  it.each([
    [
      'a renamed text',
      answer([{ ...comment(), contents: undefined, contentText: '집' }]),
      'result.commentList.0.contents',
    ],
    ['a renamed flag', answer([{ ...comment(), deleted: undefined }]), 'result.commentList.0.deleted'],
    ['a renamed list', { success: true, code: '1000', result: { comments: [] } }, 'result.commentList'],
    ['no cursor at all', answer([comment()], null), 'result.morePage'],
    ['another envelope', { ok: true }, 'success'],
  ])('readComments names the field that moved: %s', (_, body, field) => {
    const error = thrownBy(() => readComments(jsonp(body), query, 'news'));
    expect(error).toBeInstanceOf(ParseDriftError);
    expect(error).toMatchObject({ field });
  });

  it('readComments tells a refusal from a change of format', () => {
    const error = thrownBy(() =>
      readComments(jsonp({ success: false, code: '3999', message: '잘못된 접근입니다' }), query, 'news'),
    );
    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error).toMatchObject({ code: '3999' });
  });

  it.each(['<html><body onload="f()">login</body></html>', 'comments({"success":true,', '', 'comments({"success":tr)'])(
    'readComments refuses what is no JSONP: %s',
    (body) => {
      expect(thrownBy(() => readComments(response(body), query, 'news'))).toBeInstanceOf(NotJsonError);
    },
  );

  it('readComments refuses other statuses', () => {
    expect(thrownBy(() => readComments(response('', { status: 418 }), query, 'news'))).toBeInstanceOf(HttpStatusError);
  });
});

describe('commentsUrl', () => {
  it('commentsUrl carries the cursor, since the page number alone leads nowhere', () => {
    const first = new URL(commentsUrl('https://example.org/api', query));
    const second = new URL(commentsUrl('https://example.org/api', { ...query, page: 2, next: 'a/b=' }));
    expect(first.pathname).toBe('/api/commentBox/cbox/web_naver_list_jsonp.json');
    expect(first.searchParams.get('objectId')).toBe('news003,0009837633');
    expect(first.searchParams.has('moreParam.next')).toBe(false);
    expect(second.searchParams.get('moreParam.next')).toBe('a/b=');
    expect(second.searchParams.get('moreParam.direction')).toBe('next');
  });
});

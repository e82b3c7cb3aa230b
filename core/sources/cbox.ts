/** The comment service of the news pages: its requests, and the comments in its JSONP answers. Knows no articles' texts. */

import { z } from 'zod';

import type { RawRecord, RecordStatus } from '../text/records.js';
import { requireOk } from './answer-status.js';
import { fromWritten } from './dates.js';
import { ParseDriftError, RequestRefusedError } from './errors.js';
import type { HttpResponse } from './http.js';
import { checked, jsonpOf } from './json-body.js';

const SUCCESS = '1000';
const MAX_COMMENTS_A_PAGE = 100;

/** A news article by the numbers of its press office and of itself. */
export interface ArticleNumber {
  readonly oid: string;
  readonly aid: string;
}

export interface CommentsQuery extends ArticleNumber {
  readonly page: number;
  /** `morePage.next` of the answer before; none for the first page. Since 2022 `page` alone leads nowhere. */
  readonly next?: string | undefined;
  /** The comment whose replies are asked for. */
  readonly parent?: string | undefined;
}

export interface CommentsPage {
  readonly records: RawRecord[];
  /** Cursor of the page after this one; undefined at the end. */
  readonly next: string | undefined;
  /** Comments of this page with replies of their own. */
  readonly parents: string[];
}

const number = z.union([z.string(), z.number()]).transform(String);

const commentSchema = z.object({
  /** A number until 2021, a string of 18 digits later. */
  commentNo: number,
  replyLevel: z.number().default(1),
  replyCount: z.number().default(0),
  contents: z.string().nullable(),
  regTime: z.string(),
  deleted: z.boolean(),
  blind: z.boolean().default(false),
  hiddenByCleanbot: z.boolean().default(false),
  secret: z.boolean().default(false),
  visible: z.boolean(),
  expose: z.boolean().default(true),
});

const resultSchema = z.object({
  commentList: z.array(commentSchema),
  morePage: z.object({ next: number, end: number }).nullish(),
  pageModel: z.object({ nextPage: z.number() }).nullish(),
});

const envelopeSchema = z.object({ success: z.boolean(), code: number, message: z.string().default('') });
const answerSchema = z.object({ result: resultSchema });

/** Address of one page of comments, newest first, deleted ones included. */
export function commentsUrl(baseUrl: string, query: CommentsQuery): string {
  const url = new URL(`${baseUrl}/commentBox/cbox/web_naver_list_jsonp.json`);
  const parameters: Record<string, string | number> = {
    ticket: 'news',
    templateId: 'default_society',
    pool: 'cbox5',
    lang: 'ko',
    country: 'KR',
    objectId: `news${query.oid},${query.aid}`,
    pageSize: MAX_COMMENTS_A_PAGE,
    indexSize: 10,
    page: query.page,
    sort: 'NEW',
    listType: 'OBJECT',
    pageType: 'more',
    includeAllStatus: 'true',
    initialize: query.next === undefined ? 'true' : 'false',
    ...(query.parent === undefined
      ? {}
      : { parentCommentNo: query.parent, moreType: query.next === undefined ? 'child' : 'next' }),
    ...(query.next === undefined ? {} : { 'moreParam.direction': 'next', 'moreParam.next': query.next }),
    _callback: 'comments',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
  return url.href;
}

function statusOf(comment: z.infer<typeof commentSchema>): RecordStatus {
  const { deleted, blind, hiddenByCleanbot, secret, visible, expose } = comment;
  return { deleted, blind, hiddenByCleanbot, hidden: secret || !visible || !expose };
}

/** The cursor where the answer has one, the page's number in the older format, where 0 is the end. */
function nextCursor(result: z.infer<typeof resultSchema>, query: CommentsQuery, url: string): string | undefined {
  if (result.commentList.length === 0) return undefined;
  const { morePage, pageModel } = result;
  if (morePage) {
    if (morePage.next === morePage.end) return undefined;
    if (morePage.next !== query.next) return morePage.next;
    throw new ParseDriftError(url, 'result.morePage.next', 'a cursor other than the one asked for', morePage.next);
  }
  if (!pageModel) throw new ParseDriftError(url, 'result.morePage', 'a cursor or a pageModel', 'neither');
  return pageModel.nextPage > query.page ? '' : undefined;
}

/**
 * Comments of one answer. Writers' names, numbers, pictures and addresses are left behind here.
 * @param source the `source` field of the records
 * @throws NotJsonError, RequestRefusedError, ParseDriftError, HttpStatusError
 */
export function readComments(response: HttpResponse, query: CommentsQuery, source: string): CommentsPage {
  requireOk(response, 'list');
  const { url } = response;
  const value = jsonpOf(response);
  const envelope = checked(url, envelopeSchema, value);
  if (!envelope.success || envelope.code !== SUCCESS)
    throw new RequestRefusedError(url, envelope.code, envelope.message);
  const { result } = checked(url, answerSchema, value);
  const article = `${query.oid},${query.aid}`;
  const records = result.commentList.map((comment): RawRecord => ({
    id: `${source}:${article}:${comment.commentNo}`,
    source,
    article,
    kind: comment.replyLevel > 1 ? 'reply' : 'comment',
    text: comment.contents ?? '',
    date: fromWritten(comment.regTime),
    status: statusOf(comment),
  }));
  const parents = result.commentList.filter((comment) => comment.replyLevel === 1 && comment.replyCount > 0);
  return { records, next: nextCursor(result, query, url), parents: parents.map((comment) => comment.commentNo) };
}

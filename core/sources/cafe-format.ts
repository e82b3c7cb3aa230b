/** The cafe's JSON: addresses, lists, articles and comments. Knows not in which order they are read. */

import { z } from 'zod';

import type { RawRecord } from '../text/records.js';
import { visible } from '../text/records.js';
import { requireOk } from './answer-status.js';
import { fromTimestamp } from './dates.js';
import type { HttpResponse } from './http.js';
import { checked, jsonOf } from './json-body.js';
import { blockText, parseMarkup } from './page-body.js';

const number = z.union([z.string(), z.number()]).transform(String);

const listSchema = z.object({
  result: z.object({ articleList: z.array(z.object({ type: z.string(), item: z.unknown() })) }),
});
/** `type` stands on the outer object; other types than ARTICLE occur and have other items. */
const itemSchema = z.object({ articleId: number, blindArticle: z.boolean().default(false) });

const commentSchema = z.object({
  id: number,
  refId: number.nullish(),
  isDeleted: z.boolean().default(false),
  content: z.string().nullish(),
  updateDate: z.number().nullish(),
});
const commentsSchema = z.object({ items: z.array(commentSchema) });
const commentsAnswerSchema = z.object({ result: z.object({ comments: commentsSchema }) });
const articleSchema = z.object({
  result: z.object({
    article: z.object({
      contentHtml: z.string(),
      writeDate: z.number().nullish(),
      commentCount: z.number().default(0),
    }),
    comments: commentsSchema.nullish(),
  }),
});

export interface CafePlace {
  readonly baseUrl: string;
  readonly clubId: string;
}

export function cafeListUrl({ baseUrl, clubId }: CafePlace, menuId: string, page: number, pageSize: number): string {
  const query = `page=${page}&pageSize=${pageSize}&sortBy=TIME&viewType=L`;
  return `${baseUrl}/cafe-web/cafe-boardlist-api/v1/cafes/${clubId}/menus/${menuId}/articles?${query}`;
}

export function cafeArticleUrl({ baseUrl, clubId }: CafePlace, articleId: string): string {
  const query = 'query=&menuId=&boardType=L&useCafeId=true&requestFrom=A';
  return `${baseUrl}/cafe-web/cafe-articleapi/v3/cafes/${clubId}/articles/${articleId}?${query}`;
}

export function cafeCommentsUrl({ baseUrl, clubId }: CafePlace, articleId: string, page: number): string {
  const path = `cafes/${clubId}/articles/${articleId}/comments/pages/${page}`;
  return `${baseUrl}/cafe-web/cafe-articleapi/v2/${path}?requestFrom=A&orderBy=asc`;
}

export interface CafeList {
  /** False past the end, and for boards whose grade is too high. */
  readonly hasItems: boolean;
  readonly articleIds: readonly string[];
}

/** Article ids of a list's page; blinded articles are left out. @throws NotJsonError, ParseDriftError, LoginRequiredError */
export function readCafeList(response: HttpResponse): CafeList {
  requireOk(response, 'list');
  const { articleList } = checked(response.url, listSchema, jsonOf(response)).result;
  const items = articleList
    .filter(({ type }) => type === 'ARTICLE')
    .map(({ item }) => checked(response.url, itemSchema, item));
  return {
    hasItems: articleList.length > 0,
    articleIds: items.filter((item) => !item.blindArticle).map((item) => item.articleId),
  };
}

/** Where a record stands: its `source` field and the article in the source's naming. */
export interface RecordPlace {
  readonly source: string;
  readonly article: string;
}

function commentRecord(comment: z.infer<typeof commentSchema>, { source, article }: RecordPlace): RawRecord {
  return {
    id: `${source}:${article}:c${comment.id}`,
    source,
    article,
    kind: (comment.refId ?? comment.id) !== comment.id ? 'reply' : 'comment',
    text: comment.content ?? '',
    date: fromTimestamp(comment.updateDate),
    status: { ...visible, deleted: comment.isDeleted },
  };
}

/** Paragraphs of a post, one text each: a post speaks of several things. Zero-width fillers are no paragraphs. */
export function paragraphsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /[^\s\u200B-\u200F\u2060\uFEFF]/u.test(line));
}

export interface CafeArticle {
  readonly records: RawRecord[];
  /** Comments that the article says to have, and those that came along with it. */
  readonly commentCount: number;
  readonly commentsRead: number;
}

/** A post's paragraphs and its first comments. @throws LoginRequiredError, ArticleMissingError, NotJsonError, ParseDriftError */
export function readCafeArticle(response: HttpResponse, place: RecordPlace): CafeArticle {
  requireOk(response, 'single');
  const { article, comments } = checked(response.url, articleSchema, jsonOf(response)).result;
  const date = fromTimestamp(article.writeDate);
  const paragraphs = paragraphsOf(blockText(parseMarkup(article.contentHtml, response.url), 'body'));
  const records = paragraphs.map((text, i): RawRecord => ({
    id: `${place.source}:${place.article}:p${i}`,
    source: place.source,
    article: place.article,
    kind: 'post',
    text,
    date,
    status: visible,
  }));
  const items = comments?.items ?? [];
  records.push(...items.map((comment) => commentRecord(comment, place)));
  return { records, commentCount: article.commentCount, commentsRead: items.length };
}

export interface CafeComments {
  readonly records: RawRecord[];
  /** Id of the first comment, '' for none: past the end the last page comes again. */
  readonly first: string;
}

export function readCafeComments(response: HttpResponse, place: RecordPlace): CafeComments {
  requireOk(response, 'single');
  const { items } = checked(response.url, commentsAnswerSchema, jsonOf(response)).result.comments;
  return { records: items.map((comment) => commentRecord(comment, place)), first: items[0]?.id ?? '' };
}

/** Pages of the news site: section lists and articles. Knows no comments. */

import type { RawRecord } from '../text/records.js';
import { visible } from '../text/records.js';
import { requireOk } from './answer-status.js';
import type { ArticleNumber } from './cbox.js';
import { fromWritten } from './dates.js';
import { ParseDriftError } from './errors.js';
import type { HttpResponse } from './http.js';
import { blockText, htmlOf, requiredText } from './page-body.js';

export interface NewsList {
  /** Each once, in the page's order. */
  readonly articles: readonly ArticleNumber[];
  readonly hasNext: boolean;
}

/** Address of a page of a section; page 1 is the newest. */
export function newsListUrl(
  baseUrl: string,
  section: { readonly sid1: string; readonly sid2: string },
  page: number,
): string {
  return `${baseUrl}/main/list.naver?mode=LS2D&mid=shm&sid1=${section.sid1}&sid2=${section.sid2}&page=${page}`;
}

/** Address of an article, which is the Referer of its comments too. */
export function articleUrl(baseUrl: string, { oid, aid }: ArticleNumber): string {
  return `${baseUrl}/mnews/article/${oid}/${aid}`;
}

function articleNumber(href: string | undefined): ArticleNumber | undefined {
  const match = /\/article\/(\d{3})\/(\d{10})/.exec(href ?? '');
  return match?.[1] && match[2] ? { oid: match[1], aid: match[2] } : undefined;
}

/**
 * Articles of a section's page. A page past the end repeats the last one, which its own number gives away.
 * @throws ParseDriftError when the page holds no list, HttpStatusError
 */
export function readNewsList(response: HttpResponse, page: number): NewsList {
  requireOk(response, 'list');
  const $ = htmlOf(response);
  const lists = $('ul.type06_headline, ul.type06');
  if (lists.length === 0) throw new ParseDriftError(response.url, 'ul.type06_headline', 'a list of articles', 'none');
  const shown = Number($('div.paging strong').first().text().trim() || page);
  if (shown !== page) return { articles: [], hasNext: false };
  const numbers = lists
    .find('a[href]')
    .toArray()
    .map((link) => articleNumber($(link).attr('href')));
  const articles = new Map(numbers.flatMap((found) => (found ? [[`${found.oid},${found.aid}`, found]] : [])));
  const pages = $('div.paging a[href]')
    .toArray()
    .map((link) => Number(/[?&]page=(\d+)/.exec($(link).attr('href') ?? '')?.[1]));
  return { articles: [...articles.values()], hasNext: pages.some((other) => other > page) };
}

/**
 * The article's own text as one record: headline, then body.
 * @throws ParseDriftError naming the selector that found nothing, ArticleMissingError
 */
export function readNewsArticle(response: HttpResponse, { oid, aid }: ArticleNumber, source: string): RawRecord {
  requireOk(response, 'single');
  const $ = htmlOf(response);
  const title = requiredText($, '#title_area', response.url);
  const body = requiredText($, '#dic_area', response.url);
  const written = $('._ARTICLE_DATE_TIME').first().attr('data-date-time') ?? blockText($, '._ARTICLE_DATE_TIME');
  const article = `${oid},${aid}`;
  return {
    id: `${source}:${article}`,
    source,
    article,
    kind: 'article',
    text: `${title}\n${body}`,
    date: fromWritten(written),
    status: visible,
  };
}

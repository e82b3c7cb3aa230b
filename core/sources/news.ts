/** The news site as a source: sections lead to articles, articles to comments, comments to replies. Knows no formats. */

import type { ArticleNumber, CommentsQuery } from './cbox.js';
import { commentsUrl, readComments } from './cbox.js';
import type { HttpResponse } from './http.js';
import { articleUrl, newsListUrl, readNewsArticle, readNewsList } from './news-article.js';
import type { CrawlTask, Source, TaskRequest, TaskResult } from './source.js';
import { skipList, taskNumber, taskText } from './source.js';

export interface NewsSettings {
  /** The `source` field of the records; `news` unless told. */
  readonly source?: string;
  readonly pagesUrl: string;
  readonly commentsUrl: string;
  /** Section of the site; 101/260 is housing. */
  readonly section?: { readonly sid1: string; readonly sid2: string };
  /** Pages of the section that are read at most. */
  readonly maxPages?: number;
  /** Articles' own texts too, not their comments alone. */
  readonly articleTexts?: boolean;
  readonly replies?: boolean;
}

type Resolved = Required<NewsSettings>;

function articleOf(task: CrawlTask): ArticleNumber {
  return { oid: taskText(task, 'oid'), aid: taskText(task, 'aid') };
}

function commentsQuery(task: CrawlTask): CommentsQuery {
  const next = task['next'] === undefined ? undefined : taskText(task, 'next');
  const parent = task['parent'] === undefined ? undefined : taskText(task, 'parent');
  return { ...articleOf(task), page: taskNumber(task, 'page'), next: next === '' ? undefined : next, parent };
}

function readList(task: CrawlTask, response: HttpResponse, settings: Resolved): TaskResult {
  const page = taskNumber(task, 'page');
  const { articles, hasNext } = readNewsList(response, page);
  const before = new Set(taskText(task, 'before').split(' '));
  const fresh = articles.filter(({ aid }) => !before.has(aid));
  const tasks = fresh.flatMap(({ oid, aid }): CrawlTask[] => [
    ...(settings.articleTexts ? [{ kind: 'article', oid, aid }] : []),
    { kind: 'comments', oid, aid, page: 1 },
  ]);
  const goesOn = hasNext && page < settings.maxPages;
  const next: CrawlTask = { kind: 'list', page: page + 1, before: articles.map(({ aid }) => aid).join(' ') };
  return { records: [], tasks: goesOn ? [...tasks, next] : tasks };
}

function readCommentsTask(task: CrawlTask, response: HttpResponse, settings: Resolved): TaskResult {
  const query = commentsQuery(task);
  const { records, next, parents } = readComments(response, query, settings.source);
  const article = articleOf(task);
  const wanted = settings.replies && query.parent === undefined ? parents : [];
  const replies = wanted.map((parent): CrawlTask => ({ kind: 'comments', ...article, parent, page: 1 }));
  const more: CrawlTask[] = next === undefined ? [] : [{ ...task, page: query.page + 1, next }];
  return { records, tasks: [...replies, ...more] };
}

function request(task: CrawlTask, settings: Resolved): TaskRequest {
  if (task.kind === 'list') {
    return { url: newsListUrl(settings.pagesUrl, settings.section, taskNumber(task, 'page')), accept: 'text/html' };
  }
  const referer = articleUrl(settings.pagesUrl, articleOf(task));
  if (task.kind === 'article') return { url: referer, accept: 'text/html' };
  return { url: commentsUrl(settings.commentsUrl, commentsQuery(task)), accept: '*/*', headers: { referer } };
}

/** A source that reads the comments under the articles of one section. */
export function createNewsSource(given: NewsSettings): Source {
  const settings: Resolved = {
    source: 'news',
    section: { sid1: '101', sid2: '260' },
    maxPages: 1_000,
    articleTexts: false,
    replies: true,
    ...given,
  };
  return {
    name: settings.source,
    start: () => [{ kind: 'list', page: 1, before: '' }],
    skip: (task) => skipList(task, settings.maxPages),
    request: (task) => request(task, settings),
    read(task, response) {
      if (task.kind === 'list') return readList(task, response, settings);
      if (task.kind === 'comments') return readCommentsTask(task, response, settings);
      return { records: [readNewsArticle(response, articleOf(task), settings.source)], tasks: [] };
    },
  };
}

/** A cafe as a source: a board's list leads to articles, long ones to pages of comments. Knows no formats. */

import type { CafePlace, RecordPlace } from './cafe-format.js';
import {
  cafeArticleUrl,
  cafeCommentsUrl,
  cafeListUrl,
  readCafeArticle,
  readCafeComments,
  readCafeList,
} from './cafe-format.js';
import { GradeTooLowError } from './errors.js';
import type { HttpResponse } from './http.js';
import type { CrawlTask, Source, TaskRequest, TaskResult } from './source.js';
import { skipList, taskNumber, taskText } from './source.js';

export interface CafeSettings extends CafePlace {
  /** The `source` field of the records; `cafe` unless told. */
  readonly source?: string;
  /** Board; `0` is all of them. */
  readonly menuId?: string;
  /** 15 … 50 */
  readonly pageSize?: number;
  readonly maxPages?: number;
  readonly comments?: boolean;
}

type Resolved = Required<CafeSettings>;

function placeOf(task: CrawlTask, settings: Resolved): RecordPlace {
  return { source: settings.source, article: `${settings.clubId}:${taskText(task, 'id')}` };
}

function readList(task: CrawlTask, response: HttpResponse, settings: Resolved): TaskResult {
  const page = taskNumber(task, 'page');
  const { hasItems, articleIds } = readCafeList(response);
  if (!hasItems && page === 1) throw new GradeTooLowError(response.url);
  const before = new Set(taskText(task, 'before').split(' '));
  const tasks = articleIds.filter((id) => !before.has(id)).map((id): CrawlTask => ({ kind: 'article', id }));
  const goesOn = hasItems && page < settings.maxPages;
  return {
    records: [],
    tasks: goesOn ? [...tasks, { kind: 'list', page: page + 1, before: articleIds.join(' ') }] : tasks,
  };
}

function readArticle(task: CrawlTask, response: HttpResponse, settings: Resolved): TaskResult {
  const { records, commentCount, commentsRead } = readCafeArticle(response, placeOf(task, settings));
  if (!settings.comments) return { records: records.filter(({ kind }) => kind === 'post'), tasks: [] };
  if (commentCount <= commentsRead) return { records, tasks: [] };
  return { records, tasks: [{ kind: 'comments', id: taskText(task, 'id'), page: 1, first: '' }] };
}

function readComments(task: CrawlTask, response: HttpResponse, settings: Resolved): TaskResult {
  const { records, first } = readCafeComments(response, placeOf(task, settings));
  if (first === '' || first === taskText(task, 'first')) return { records: [], tasks: [] };
  return { records, tasks: [{ ...task, page: taskNumber(task, 'page') + 1, first }] };
}

function addressOf(task: CrawlTask, settings: Resolved): string {
  if (task.kind === 'list') return cafeListUrl(settings, settings.menuId, taskNumber(task, 'page'), settings.pageSize);
  if (task.kind === 'article') return cafeArticleUrl(settings, taskText(task, 'id'));
  return cafeCommentsUrl(settings, taskText(task, 'id'), taskNumber(task, 'page'));
}

/** A source that reads the posts of a board, one record a paragraph, and the comments under them. */
export function createCafeSource(given: CafeSettings): Source {
  const settings: Resolved = { source: 'cafe', menuId: '0', pageSize: 50, maxPages: 1_000, comments: true, ...given };
  return {
    name: `${settings.source}-${settings.clubId}-${settings.menuId}`,
    start: () => [{ kind: 'list', page: 1, before: '' }],
    skip: (task) => skipList(task, settings.maxPages),
    request: (task): TaskRequest => ({ url: addressOf(task, settings), accept: 'application/json' }),
    read(task, response) {
      if (task.kind === 'list') return readList(task, response, settings);
      if (task.kind === 'article') return readArticle(task, response, settings);
      return readComments(task, response, settings);
    },
  };
}

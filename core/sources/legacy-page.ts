/** The cafe's old HTML boards, written in cp949 whatever their `<meta>` says. Knows nothing of the JSON that came later. */

import type { RawRecord } from '../text/records.js';
import { visible } from '../text/records.js';
import { requireOk } from './answer-status.js';
import { paragraphsOf } from './cafe-format.js';
import { fromWritten } from './dates.js';
import { ParseDriftError } from './errors.js';
import type { HttpResponse } from './http.js';
import { blockText, htmlOf, requiredText } from './page-body.js';
import type { CrawlTask, Source, TaskResult } from './source.js';
import { skipList, taskNumber, taskText } from './source.js';

export interface LegacySettings {
  readonly baseUrl: string;
  readonly clubId: string;
  readonly menuId: string;
  readonly source?: string;
  readonly maxPages?: number;
}

type Resolved = Required<LegacySettings>;

/** Article ids of an old board's page, each once. @throws ParseDriftError when the first page has no links. */
export function readLegacyList(response: HttpResponse, page: number): string[] {
  requireOk(response, 'single');
  const $ = htmlOf(response);
  const links = $('a.m-tcol-c[href]').toArray();
  if (links.length === 0 && page === 1)
    throw new ParseDriftError(response.url, 'a.m-tcol-c[href]', 'links to articles', 'none');
  const ids = links.map((link) => /[?&]articleid=(\d+)/i.exec($(link).attr('href') ?? '')?.[1]);
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** The paragraphs of an old post, one record each. @throws ParseDriftError naming the selector that found nothing. */
export function readLegacyArticle(response: HttpResponse, source: string, article: string): RawRecord[] {
  requireOk(response, 'single');
  const $ = htmlOf(response);
  // The date's cell stands outside of any table, so HTML parsers leave its text without it.
  const date = fromWritten(blockText($, '.m-tcol-c.date')) ?? fromWritten(blockText($, '.tit-box'));
  return paragraphsOf(requiredText($, '#tbody', response.url)).map((text, i) => ({
    id: `${source}:${article}:p${i}`,
    source,
    article,
    kind: 'post',
    text,
    date,
    status: visible,
  }));
}

function addressOf(task: CrawlTask, { baseUrl, clubId, menuId }: Resolved): string {
  if (task.kind === 'article') {
    return `${baseUrl}/ArticleRead.nhn?clubid=${clubId}&articleid=${taskText(task, 'id')}&page=1&menuid=${menuId}`;
  }
  const query = `search.clubid=${clubId}&search.menuid=${menuId}&search.boardtype=L&userDisplay=50`;
  return `${baseUrl}/ArticleList.nhn?${query}&search.page=${taskNumber(task, 'page')}`;
}

/** A page past the end repeats an earlier one or is missing; either ends the walk. */
function readList(task: CrawlTask, response: HttpResponse, settings: Resolved): TaskResult {
  const page = taskNumber(task, 'page');
  const ids = readLegacyList(response, page);
  const before = new Set(taskText(task, 'before').split(' '));
  const tasks = ids.filter((id) => !before.has(id)).map((id): CrawlTask => ({ kind: 'article', id }));
  const goesOn = tasks.length > 0 && page < settings.maxPages;
  return { records: [], tasks: goesOn ? [...tasks, { kind: 'list', page: page + 1, before: ids.join(' ') }] : tasks };
}

/** A source that reads one board of the old pages. */
export function createLegacyCafeSource(given: LegacySettings): Source {
  const settings: Resolved = { source: 'cafe', maxPages: 1_000, ...given };
  return {
    name: `${settings.source}-${settings.clubId}-${settings.menuId}-legacy`,
    start: () => [{ kind: 'list', page: 1, before: '' }],
    skip: (task) => skipList(task, settings.maxPages),
    request: (task) => ({ url: addressOf(task, settings), accept: 'text/html' }),
    read(task, response) {
      if (task.kind === 'list') return readList(task, response, settings);
      const article = `${settings.clubId}:${taskText(task, 'id')}`;
      return { records: readLegacyArticle(response, settings.source, article), tasks: [] };
    },
  };
}

/** What every source is to the crawler: tasks that become requests, answers that become records and more tasks. */

import type { RawRecord } from '../text/records.js';
import type { GetOptions, HttpResponse } from './http.js';

/** One request still to be made, as plain JSON, so that a list of them is a cursor that survives a restart. */
export type CrawlTask = { readonly kind: string } & Readonly<Record<string, string | number>>;

export interface TaskRequest extends GetOptions {
  readonly url: string;
}

export interface TaskResult {
  readonly records: readonly RawRecord[];
  /** Tasks found in the answer, to be done next and in this order. */
  readonly tasks: readonly CrawlTask[];
}

export interface Source {
  /** The `source` field of its records, and the name of its cursor. */
  readonly name: string;
  /** What a crawl begins with. */
  start(): readonly CrawlTask[];
  request(task: CrawlTask): TaskRequest;
  /**
   * Records and further tasks of an answer.
   * @throws SourceError when the answer is not what was asked for.
   */
  read(task: CrawlTask, response: HttpResponse): TaskResult;
  /** Tasks to go on with where an answer cannot be read: behind a page of a list the next one, behind a single page none. */
  skip(task: CrawlTask): readonly CrawlTask[];
}

/** The page of a list behind this one, whose articles remain unknown. */
export function skipList(task: CrawlTask, maxPages: number): CrawlTask[] {
  if (task.kind !== 'list') return [];
  const page = taskNumber(task, 'page');
  return page < maxPages ? [{ ...task, page: page + 1 }] : [];
}

export class CursorFormatError extends Error {
  override readonly name = 'CursorFormatError';
  constructor(
    readonly task: CrawlTask,
    readonly field: string,
  ) {
    super(
      `crawl cursor ${JSON.stringify(task)}: expected the field ${field}, got nothing fit; remove the crawl's checkpoints`,
    );
  }
}

/** A field of a task as text. @throws CursorFormatError when the stored cursor has no such field. */
export function taskText(task: CrawlTask, field: string): string {
  const value = task[field];
  if (typeof value !== 'string') throw new CursorFormatError(task, field);
  return value;
}

/** A field of a task as a number. @throws CursorFormatError when the stored cursor has no such field. */
export function taskNumber(task: CrawlTask, field: string): number {
  const value = task[field];
  if (typeof value !== 'number') throw new CursorFormatError(task, field);
  return value;
}

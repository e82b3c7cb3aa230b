/** Fetches and reads the page of one task, and says what becomes of a page that cannot be read. Knows no other task. */

import type { Page } from './crawl-memory.js';
import {
  ArticleMissingError,
  BodyTooLargeError,
  HostilePageError,
  LoginRequiredError,
  NotJsonError,
  ParseDriftError,
  SourceError,
} from './errors.js';
import type { Get, HttpResponse } from './http.js';
import type { CrawlTask, Source, TaskResult } from './source.js';
import { CursorFormatError } from './source.js';

export interface FetchSettings {
  readonly get: Get;
  /** Times that a page with nonsense on it is asked for before the crawl gives up; 3 unless told. */
  readonly attempts?: number;
  readonly signal?: AbortSignal | undefined;
}

const ATTEMPTS = 3;
const nothing: TaskResult = { records: [], tasks: [] };

/** What a page did that it is left out for, instead of ending the crawl. */
type Hostile = HostilePageError | BodyTooLargeError;

function isHostile(error: unknown): error is Hostile {
  return error instanceof HostilePageError || error instanceof BodyTooLargeError;
}

function quarantined(source: Source, task: CrawlTask, response: HttpResponse, { expected, got }: Hostile): Page {
  const problem = `expected ${expected}, got ${got}`;
  return { response, outcome: 'quarantined', result: { records: [], tasks: source.skip(task) }, problem };
}

/** A page that is gone or closed is left out and noted; every other problem is the caller's. */
function readPage(source: Source, task: CrawlTask, response: HttpResponse): Page {
  try {
    return { response, outcome: 'ok', result: source.read(task, response) };
  } catch (error) {
    if (error instanceof ArticleMissingError) return { response, outcome: 'missing', result: nothing };
    if (error instanceof LoginRequiredError && error.singlePage)
      return { response, outcome: 'login-required', result: nothing };
    if (isHostile(error)) return quarantined(source, task, response, error);
    if (error instanceof SourceError || error instanceof CursorFormatError) throw error;
    throw new ParseDriftError(response.url, 'the page', 'markup that can be read', String(error));
  }
}

/** A body that is too large is never read to its end: of its answer nothing is known. */
async function getPage(source: Source, task: CrawlTask, input: FetchSettings): Promise<HttpResponse | Page> {
  const { url, ...options } = source.request(task);
  try {
    return await input.get(url, options);
  } catch (error) {
    if (!(error instanceof BodyTooLargeError)) throw error;
    return quarantined(source, task, { status: 200, headers: {}, body: new Uint8Array(), url }, error);
  }
}

/** Asks again when the body was nonsense: an answer that was cut short looks the same as a changed format. */
export async function fetchPage(source: Source, task: CrawlTask, input: FetchSettings): Promise<Page> {
  for (let attempt = 1; ; attempt++) {
    input.signal?.throwIfAborted();
    const response = await getPage(source, task, input);
    if ('outcome' in response) return response;
    try {
      return readPage(source, task, response);
    } catch (error) {
      const nonsense = error instanceof NotJsonError || error instanceof ParseDriftError;
      if (!nonsense || attempt >= (input.attempts ?? ATTEMPTS)) throw error;
    }
  }
}

/** Walks sources task by task and saves a cursor that a killed crawl goes on from. Knows no HTTP, no store, no clock. */

import type { ReportProgress } from '../progress.js';
import type { CrawlCheckpoint, CrawlResult, CrawlState, Page } from './crawl-memory.js';
import { CrawlMemory, settleLedger, settleRecords } from './crawl-memory.js';
import { ArticleMissingError, LoginRequiredError, NotJsonError, ParseDriftError, SourceError } from './errors.js';
import type { Get, HttpResponse } from './http.js';
import type { CrawlTask, Source, TaskResult } from './source.js';
import { CursorFormatError } from './source.js';

export interface CrawlInput {
  readonly sources: readonly Source[];
  readonly get: Get;
  /** Digest of a body in hexadecimal digits, for the ledger. */
  readonly sha256: (bytes: Uint8Array) => string;
  /** All checkpoints so far: `joinCheckpoints`. */
  readonly resumeFrom?: CrawlState | undefined;
  /** Pages between checkpoints. */
  readonly checkpointEvery: number;
  /** Times that a page with nonsense on it is asked for before the crawl gives up; 3 unless told. */
  readonly attempts?: number;
  /** How an address is written in the ledger, for hosts whose port changes from run to run; as it is unless told. */
  readonly showAddress?: (url: string) => string;
  readonly hooks: {
    readonly progress: ReportProgress;
    readonly checkpoint: (checkpoint: CrawlCheckpoint) => Promise<void>;
  };
  readonly signal?: AbortSignal | undefined;
}

const ATTEMPTS = 3;
const nothing: TaskResult = { records: [], tasks: [] };

/** A page that is gone or closed is left out and noted; every other problem is the caller's. */
function readPage(source: Source, task: CrawlTask, response: HttpResponse): Page {
  try {
    return { response, outcome: 'ok', result: source.read(task, response) };
  } catch (error) {
    if (error instanceof ArticleMissingError) return { response, outcome: 'missing', result: nothing };
    if (error instanceof LoginRequiredError && error.singlePage)
      return { response, outcome: 'login-required', result: nothing };
    if (error instanceof SourceError || error instanceof CursorFormatError) throw error;
    throw new ParseDriftError(response.url, 'the page', 'markup that can be read', String(error));
  }
}

/** Asks again when the body was nonsense: an answer that was cut short looks the same as a changed format. */
async function fetchPage(source: Source, task: CrawlTask, input: CrawlInput): Promise<Page> {
  const { url, ...options } = source.request(task);
  for (let attempt = 1; ; attempt++) {
    input.signal?.throwIfAborted();
    const response = await input.get(url, options);
    try {
      return readPage(source, task, response);
    } catch (error) {
      const nonsense = error instanceof NotJsonError || error instanceof ParseDriftError;
      if (!nonsense || attempt >= (input.attempts ?? ATTEMPTS)) throw error;
    }
  }
}

/** One crawl under way: sources walk side by side, checkpoints follow each other in one line. */
class Crawl {
  readonly #memory: CrawlMemory;
  #saving: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly input: CrawlInput) {
    this.#memory = new CrawlMemory(input.sources, input.resumeFrom);
  }

  async walk(source: Source): Promise<void> {
    try {
      for (let task = this.#memory.head(source); task && !this.#stopped; task = this.#memory.head(source)) {
        const page = await fetchPage(source, task, this.input);
        await this.#note(source, page);
      }
    } catch (error) {
      this.#stopped = true;
      throw error;
    }
  }

  async #note(source: Source, page: Page): Promise<void> {
    const address = this.input.showAddress?.(page.response.url) ?? page.response.url;
    this.#memory.add(source, page, address, this.input.sha256(page.response.body));
    this.input.hooks.progress({
      ...this.#memory.counts,
      unit: 'pages',
      metrics: { records: this.#memory.records.length },
    });
    if (this.#memory.unsavedPages >= this.input.checkpointEvery) await this.save();
  }

  /** What is saved is taken at once, so that cursor and records belong together whatever the other sources do meanwhile. */
  save(): Promise<void> {
    if (this.#memory.unsavedPages === 0) return this.#saving;
    const checkpoint = this.#memory.takeCheckpoint();
    this.#saving = this.#saving.then(() => this.input.hooks.checkpoint(checkpoint));
    return this.#saving;
  }

  get result(): CrawlResult {
    return { records: settleRecords(this.#memory.records), ledger: settleLedger(this.#memory.ledger) };
  }
}

/**
 * Reads all sources to their end. Whatever goes wrong, everything read so far is checkpointed before the error is thrown,
 * and the same call with `resumeFrom` goes on from there; the result does not show whether a crawl was interrupted.
 * @throws SourceError of the first source that failed; the reason of an aborted signal
 */
export async function crawl(input: CrawlInput): Promise<CrawlResult> {
  const crawling = new Crawl(input);
  const walks = await Promise.allSettled(input.sources.map((source) => crawling.walk(source)));
  await crawling.save();
  const failed = walks.find((walk) => walk.status === 'rejected');
  if (failed) throw failed.reason;
  return crawling.result;
}

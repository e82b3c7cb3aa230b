/** Walks sources task by task and keeps a cursor that a killed crawl resumes from. Knows no HTTP, no store, no clock. */

import type { ReportProgress } from '../progress.js';
import type { RawRecord } from '../text/records.js';
import { maskPersonalData } from '../text/personal-data.js';
import { ArticleMissingError, LoginRequiredError, NotJsonError, ParseDriftError } from './errors.js';
import type { Get, HttpResponse } from './http.js';
import type { CrawlTask, Source, TaskResult } from './source.js';

export type LedgerOutcome = 'ok' | 'missing' | 'login-required';

/** One line of what was fetched. */
export interface LedgerEntry {
  readonly source: string;
  readonly url: string;
  readonly status: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Records found on the page, duplicates included. */
  readonly records: number;
  readonly outcome: LedgerOutcome;
}

/** Tasks still to be done, by source. Plain JSON. */
export type CrawlCursors = Readonly<Record<string, readonly CrawlTask[]>>;

/** What was fetched since the last checkpoint, and where to go on after it. Append it, then store the cursors: in this order. */
export interface CrawlCheckpoint {
  readonly cursors: CrawlCursors;
  readonly records: readonly RawRecord[];
  readonly ledger: readonly LedgerEntry[];
}

/** All checkpoints of a crawl put together: the last one's cursors, every one's records and ledger. */
export type CrawlState = CrawlCheckpoint;

export interface CrawlInput {
  readonly sources: readonly Source[];
  readonly get: Get;
  /** Digest of a body in hexadecimal digits, for the ledger. */
  readonly sha256: (bytes: Uint8Array) => string;
  readonly resumeFrom?: CrawlState | undefined;
  /** Pages between checkpoints. */
  readonly checkpointEvery: number;
  /** Times that a page with nonsense on it is asked for before the crawl gives up; 3 unless told. */
  readonly attempts?: number;
  readonly hooks: {
    readonly progress: ReportProgress;
    readonly checkpoint: (checkpoint: CrawlCheckpoint) => Promise<void>;
  };
  readonly signal?: AbortSignal;
}

export interface CrawlResult {
  /** By source, article, id; each id once. The same bytes whether or not the crawl was interrupted. */
  readonly records: readonly RawRecord[];
  /** By source and address. */
  readonly ledger: readonly LedgerEntry[];
}

/** Joins stored checkpoints, oldest first, into the state to resume from; nothing for none. */
export function joinCheckpoints(checkpoints: readonly CrawlCheckpoint[]): CrawlState | undefined {
  const last = checkpoints.at(-1);
  if (!last) return undefined;
  return {
    cursors: last.cursors,
    records: checkpoints.flatMap((checkpoint) => checkpoint.records),
    ledger: checkpoints.flatMap((checkpoint) => checkpoint.ledger),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Pages shift while they are read, so a record can be met twice: the first stays. */
function settle(records: readonly RawRecord[]): RawRecord[] {
  const byId = new Map<string, RawRecord>();
  for (const record of records) if (!byId.has(record.id)) byId.set(record.id, record);
  return [...byId.values()].sort(
    (a, b) => compare(a.source, b.source) || compare(a.article, b.article) || compare(a.id, b.id),
  );
}

interface Page {
  readonly response: HttpResponse;
  readonly outcome: LedgerOutcome;
  readonly result: TaskResult;
}

const nothing: TaskResult = { records: [], tasks: [] };

/** A page that is gone or closed is left out and noted; every other problem is the caller's. */
function readPage(source: Source, task: CrawlTask, response: HttpResponse): Page {
  try {
    return { response, outcome: 'ok', result: source.read(task, response) };
  } catch (error) {
    if (error instanceof ArticleMissingError) return { response, outcome: 'missing', result: nothing };
    if (error instanceof LoginRequiredError && error.singlePage) return { response, outcome: 'login-required', result: nothing };
    throw error;
  }
}

/** Asks again when the body was nonsense: a connection cut short looks the same as a changed format. */
async function fetchPage(source: Source, task: CrawlTask, input: CrawlInput): Promise<Page> {
  const { url, ...options } = source.request(task);
  const attempts = input.attempts ?? 3;
  for (let attempt = 1; ; attempt++) {
    input.signal?.throwIfAborted();
    const response = await input.get(url, options);
    try {
      return readPage(source, task, response);
    } catch (error) {
      const nonsense = error instanceof NotJsonError || error instanceof ParseDriftError;
      if (!nonsense || attempt >= attempts) throw error;
    }
  }
}

function masked(record: RawRecord): RawRecord {
  return { ...record, text: maskPersonalData(record.text).text };
}

/** The crawl's memory: all that was found, and what of it no checkpoint holds yet. */
class Gathered {
  readonly records: RawRecord[];
  readonly ledger: LedgerEntry[];
  readonly #pending: Map<string, CrawlTask[]>;
  #savedRecords: number;
  #savedLedger: number;

  constructor(sources: readonly Source[], from: CrawlState | undefined) {
    this.records = [...(from?.records ?? [])];
    this.ledger = [...(from?.ledger ?? [])];
    this.#savedRecords = this.records.length;
    this.#savedLedger = this.ledger.length;
    this.#pending = new Map(sources.map((source) => [source.name, [...(from?.cursors[source.name] ?? source.start())]]));
  }

  head(source: Source): CrawlTask | undefined {
    return this.#pending.get(source.name)?.[0];
  }

  /** Pages done and pages known of. */
  get counts(): { done: number; total: number } {
    const done = this.ledger.length;
    return { done, total: [...this.#pending.values()].reduce((sum, tasks) => sum + tasks.length, done) };
  }

  /** One step of the walk, taken whole: the task goes, its records, its ledger line and its tasks come. */
  add(source: Source, page: Page, sha256: string): void {
    const { response, outcome, result } = page;
    this.records.push(...result.records.map(masked));
    this.ledger.push({
      source: source.name,
      url: response.url,
      status: response.status,
      sizeBytes: response.body.length,
      sha256,
      records: result.records.length,
      outcome,
    });
    const tasks = this.#pending.get(source.name);
    tasks?.splice(0, 1, ...result.tasks);
  }

  get unsavedPages(): number {
    return this.ledger.length - this.#savedLedger;
  }

  /** Everything new since the last call. */
  takeCheckpoint(): CrawlCheckpoint {
    const checkpoint = {
      cursors: Object.fromEntries([...this.#pending].map(([name, tasks]) => [name, [...tasks]])),
      records: this.records.slice(this.#savedRecords),
      ledger: this.ledger.slice(this.#savedLedger),
    };
    this.#savedRecords = this.records.length;
    this.#savedLedger = this.ledger.length;
    return checkpoint;
  }
}

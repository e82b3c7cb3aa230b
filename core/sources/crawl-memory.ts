/** A crawl's memory: what was found, what is still to be asked for, and what of it no checkpoint holds yet. Knows no requests. */

import type { RawRecord } from '../text/records.js';
import { maskPersonalData } from '../text/personal-data.js';
import type { HttpResponse } from './http.js';
import type { CrawlTask, Source, TaskResult } from './source.js';

/** `quarantined`: what came could not be read without harm and was left out. */
export type LedgerOutcome = 'ok' | 'missing' | 'login-required' | 'quarantined';

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
  /** Why it was quarantined. */
  readonly problem?: string;
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
export function settleRecords(records: readonly RawRecord[]): RawRecord[] {
  const byId = new Map<string, RawRecord>();
  for (const record of records) if (!byId.has(record.id)) byId.set(record.id, record);
  return [...byId.values()].sort(
    (a, b) => compare(a.source, b.source) || compare(a.article, b.article) || compare(a.id, b.id),
  );
}

/** By source and address. */
export function settleLedger(ledger: readonly LedgerEntry[]): LedgerEntry[] {
  return [...ledger].sort(
    (a, b) => compare(a.source, b.source) || compare(a.url, b.url) || compare(a.sha256, b.sha256),
  );
}

export interface CrawlResult {
  /** By source, article, id; each id once. The same bytes whether or not the crawl was interrupted. */
  readonly records: readonly RawRecord[];
  readonly ledger: readonly LedgerEntry[];
}

/** An answer and what was read from it. */
export interface Page {
  readonly response: HttpResponse;
  readonly outcome: LedgerOutcome;
  readonly result: TaskResult;
  readonly problem?: string;
}

function masked(record: RawRecord): RawRecord {
  return { ...record, text: maskPersonalData(record.text).text };
}

export class CrawlMemory {
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
    this.#pending = new Map(
      sources.map((source) => [source.name, [...(from?.cursors[source.name] ?? source.start())]]),
    );
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
  add(source: Source, { response, outcome, result, problem }: Page, address: string, sha256: string): void {
    this.records.push(...result.records.map(masked));
    this.ledger.push({
      source: source.name,
      url: address,
      status: response.status,
      sizeBytes: response.body.length,
      sha256,
      records: result.records.length,
      outcome,
      ...(problem === undefined ? {} : { problem }),
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

/** Walks sources task by task and saves a cursor that a killed crawl goes on from. Knows no HTTP, no store, no clock. */

import type { ReportProgress } from '../progress.js';
import type { CrawlCheckpoint, CrawlResult, CrawlState, Page } from './crawl-memory.js';
import { CrawlMemory, settleLedger, settleRecords } from './crawl-memory.js';
import { HostilePageError } from './errors.js';
import type { FetchSettings } from './fetch-page.js';
import { fetchPage } from './fetch-page.js';
import type { Source } from './source.js';

export interface CrawlInput extends FetchSettings {
  readonly sources: readonly Source[];
  /** Digest of a body in hexadecimal digits, for the ledger. */
  readonly sha256: (bytes: Uint8Array) => string;
  /** All checkpoints so far: `joinCheckpoints`. */
  readonly resumeFrom?: CrawlState | undefined;
  /** Pages between checkpoints. */
  readonly checkpointEvery: number;
  /** Pages of a source in a row that may be quarantined before the crawl gives up; 10 unless told. */
  readonly maxQuarantinedInARow?: number;
  /** How an address is written in the ledger, for hosts whose port changes from run to run; as it is unless told. */
  readonly showAddress?: (url: string) => string;
  readonly hooks: {
    readonly progress: ReportProgress;
    readonly checkpoint: (checkpoint: CrawlCheckpoint) => Promise<void>;
  };
}

const MAX_QUARANTINED_IN_A_ROW = 10;
/** One crawl under way: sources walk side by side, checkpoints follow each other in one line. */
class Crawl {
  readonly #memory: CrawlMemory;
  #saving: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly input: CrawlInput) {
    this.#memory = new CrawlMemory(input.sources, input.resumeFrom);
  }

  async walk(source: Source): Promise<void> {
    const most = this.input.maxQuarantinedInARow ?? MAX_QUARANTINED_IN_A_ROW;
    let inARow = 0;
    try {
      for (let task = this.#memory.head(source); task && !this.#stopped; task = this.#memory.head(source)) {
        const page = await fetchPage(source, task, this.input);
        inARow = page.outcome === 'quarantined' ? inARow + 1 : 0;
        if (inARow > most)
          throw new HostilePageError(page.response.url, 'pages that can be read', `${inARow} in a row`);
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

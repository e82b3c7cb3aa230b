/** Stage crawl: reads the sources politely, keeps a cursor that a killed crawl resumes from, and a ledger of what was fetched. */

import { randomUUID } from 'node:crypto';
import type { StudyConfig } from '../config/schema.js';
import {
  openCheckpoints,
  sha256Hex,
  type BlobRef,
  type CheckpointLog,
  type Json,
  type Store,
} from '../core/checkpoint/index.js';
import { joinCheckpoints, type CrawlCheckpoint } from '../core/sources/crawl-memory.js';
import { crawl } from '../core/sources/crawler.js';
import type { Get } from '../core/sources/http.js';
import type { Source } from '../core/sources/source.js';
import type { RawRecord } from '../core/text/records.js';
import { readTexts } from '../core/text/text-files.js';
import { getJson, putJson, putLines } from './blobs.js';
import type { CrawlStageResult } from './study-results.js';
import { runStage, type StageDependencies, type StageOutcome, type StageRun } from './stage.js';
import { readStudyConfig, type StudyInputs, type StudyStageInput } from './study.js';

/** Sources that are open to be read, and what is known about them. */
export interface OpenSources {
  readonly sources: readonly Source[];
  readonly get: Get;
  /** How an address stands in the ledger: without what differs between two runs, such as a local port. */
  showAddress(url: string): string;
  /** Share of negative texts by keyword, where the source is an imitation that knows it. */
  readonly planted?: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface CrawlDependencies extends StageDependencies {
  openSources(settings: StudyConfig['crawl'], signal: AbortSignal): Promise<OpenSources>;
}

/** A crawl's checkpoint names chunks of what was found; only its cursors are of this attempt. */
interface CrawlLog {
  readonly chunks: readonly BlobRef[];
}

type FileSource = Extract<StudyConfig['crawl']['source'], { kind: 'files' }>;

function countBySource(records: readonly RawRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { source } of records) counts[source] = (counts[source] ?? 0) + 1;
  return counts;
}

/** The user's own files instead of a crawl. */
async function importTexts(
  store: Store,
  study: StudyInputs,
  { files, skipBadRows }: FileSource,
): Promise<CrawlStageResult> {
  const read = await Promise.all(
    study.texts.map(async (ref, index) =>
      readTexts(await store.getBlob(ref), { file: files[index] ?? `texts file ${index + 1}`, skipBadRows }),
    ),
  );
  const records = read.flatMap((file) => file.records);
  const skipped = read.flatMap((file) => file.skipped);
  return {
    records: await putLines(store, records),
    pages: 0,
    texts: records.length,
    bySource: countBySource(records),
    ...(skipped.length > 0 ? { skipped: await putLines(store, skipped), skippedRows: skipped.length } : {}),
  };
}

/** Chunks of all checkpoints so far, from the newest one. */
async function readLog(log: CheckpointLog): Promise<CrawlLog> {
  const newest = await log.newest();
  // The state was written below, by this stage and version.
  return newest === undefined ? { chunks: [] } : (newest.state as unknown as CrawlLog);
}

async function crawlSources(
  store: Store,
  open: OpenSources,
  run: StageRun,
  checkpointEvery: number,
): Promise<CrawlStageResult> {
  // Pages may differ between two attempts at the same step, so each attempt counts as another machine would.
  const log = await openCheckpoints(store, run.key, { fingerprint: `crawl ${randomUUID()}`, allowDrift: true });
  let { chunks } = await readLog(log);
  if (chunks.length > 0) run.log('resuming from a checkpoint', { step: chunks.length });
  const earlier = await Promise.all(chunks.map((chunk) => getJson<CrawlCheckpoint>(store, chunk)));
  const { records, ledger } = await crawl({
    sources: open.sources,
    get: open.get,
    sha256: sha256Hex,
    showAddress: (url) => open.showAddress(url),
    resumeFrom: joinCheckpoints(earlier),
    checkpointEvery,
    signal: run.signal,
    hooks: {
      progress: run.progress,
      checkpoint: async (checkpoint) => {
        chunks = [...chunks, await putJson(store, checkpoint)];
        const state: Json = chunks.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes }));
        await log.commit({ step: chunks.length, tensors: {}, state: { chunks: state } });
      },
    },
  });
  const quarantined = ledger.filter(({ outcome }) => outcome === 'quarantined').length;
  if (quarantined > 0) run.log('pages were left out', { quarantined });
  return {
    records: await putLines(store, records),
    ledger: await putLines(store, ledger),
    ...(quarantined > 0 ? { quarantined } : {}),
    pages: ledger.length,
    texts: records.length,
    bySource: countBySource(records),
    ...(open.planted ? { planted: await putJson(store, open.planted) } : {}),
  };
}

export function createCrawlActivities(deps: CrawlDependencies) {
  return {
    async crawlTexts({ study }: StudyStageInput): Promise<StageOutcome<CrawlStageResult>> {
      const { crawl: settings } = await readStudyConfig(deps.store, study);
      const spec = { name: 'crawl', version: 1, config: { source: settings.source }, inputs: { texts: study.texts } };
      return runStage(deps, spec, async (run) => {
        if (settings.source.kind === 'files') return importTexts(deps.store, study, settings.source);
        const open = await deps.openSources(settings, run.signal);
        try {
          return await crawlSources(deps.store, open, run, settings.checkpointEveryPages);
        } finally {
          await open.close();
        }
      });
    },
  };
}

/** Job clean: normalises, masks and sorts out the texts that name a target. */

import type { StudyConfig } from '../../config/schema.js';
import { parseTargets } from '../../config/study-data.js';
import type { BlobRef } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import { cleanTexts, type CleanCounts } from '../../core/text/clean.js';
import { formatRecords, parseRecords, rawRecordSchema } from '../../core/text/records.js';
import { getText } from '../blobs.js';
import { EmptyStageError } from './empty-stage.js';

export interface CleanJobInput {
  readonly records: BlobRef;
  readonly targets: BlobRef;
  readonly settings: StudyConfig['clean'];
}

export interface CleanJobResult {
  /** JSON lines of clean records. */
  readonly texts: BlobRef;
  readonly counts: CleanCounts;
  readonly countsBySource: Readonly<Record<string, CleanCounts>>;
  readonly masked: Readonly<Record<string, number>>;
}

export async function cleanJob(
  { records, targets, settings }: CleanJobInput,
  { store, progress }: JobContext,
): Promise<CleanJobResult> {
  const raw = parseRecords(await store.getBlob(records), rawRecordSchema, 'crawled texts');
  progress({ done: 0, total: raw.length, unit: 'texts', metrics: {} });
  const keywords = Object.values(parseTargets(await getText(store, targets), 'targets').groups).flat();
  const { kept, counts, countsBySource, masked } = await cleanTexts(raw, { keywords, ...settings });
  if (kept.length === 0)
    throw new EmptyStageError('clean', 'texts that name a target', `none of ${raw.length}: ${JSON.stringify(counts)}`);
  progress({ done: raw.length, total: raw.length, unit: 'texts', metrics: { kept: kept.length } });
  return { texts: await store.putBlob(formatRecords(kept)), counts, countsBySource, masked };
}

/** Puts the labelled sentences of a study into the store: two files, or the halves of one. */

import type { StudyConfig } from '../config/schema.js';
import type { BlobRef, Store } from '../core/checkpoint/index.js';
import type { BadRow } from '../core/text/row-files.js';
import { formatLabels, readLabels, type LabelledFile } from './labelled-files.js';
import { readDataFile } from './read-data-file.js';
import { listLines } from './repeated-labels.js';
import { splitLabels } from './split-labels.js';

export interface PutLabels {
  readonly rewardLabels: BlobRef;
  readonly sentimentLabels: BlobRef;
  readonly skipped: readonly BadRow[];
}

function sayRepeated(lines: readonly number[], file: string): void {
  if (lines.length === 0) return;
  const rows = lines.length === 1 ? '1 row' : `${lines.length} rows`;
  process.stderr.write(`left out ${rows} of ${file}, the same as an earlier row: ${listLines(lines)}\n`);
}

function readLabelFile(file: string, setting: string, skipBadRows: boolean): LabelledFile {
  const labelled = readLabels(readDataFile(file, setting), file, skipBadRows);
  sayRepeated(labelled.repeated, file);
  return labelled;
}

/** One file under one setting. @throws BadRowError @throws DataFileError */
export async function putLabelFile(
  store: Store,
  file: string,
  setting: string,
  skipBadRows: boolean,
): Promise<{ readonly labels: BlobRef; readonly skipped: readonly BadRow[] }> {
  const { rows, skipped } = readLabelFile(file, setting, skipBadRows);
  return { labels: await store.putBlob(formatLabels(rows, file)), skipped };
}

/** Both sets of labels; one file that is named for both is split in halves. @throws BadRowError @throws DataFileError */
export async function putLabels(store: Store, data: StudyConfig['data']): Promise<PutLabels> {
  const { rewardLabels: file, sentimentLabels: other, skipBadRows } = data;
  if (file === other) {
    const { rows, skipped } = readLabelFile(file, 'data.rewardLabels', skipBadRows);
    const halves = await splitLabels(rows);
    const half = `one half of ${file}`;
    return {
      rewardLabels: await store.putBlob(formatLabels(halves.rewardLabels, half)),
      sentimentLabels: await store.putBlob(formatLabels(halves.sentimentLabels, half)),
      skipped,
    };
  }
  const reward = await putLabelFile(store, file, 'data.rewardLabels', skipBadRows);
  const sentiment = await putLabelFile(store, other, 'data.sentimentLabels', skipBadRows);
  return {
    rewardLabels: reward.labels,
    sentimentLabels: sentiment.labels,
    skipped: [...reward.skipped, ...sentiment.skipped],
  };
}

/** A run's files in its folder: copied out of the store, to where a person looks for them. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReportFiles } from '../activities/model-jobs/report-files.js';
import { getFolder, type Store } from '../core/checkpoint/index.js';

/** Name in the result, name in the folder. */
const fileNames: readonly (readonly [Exclude<keyof ReportFiles, 'further'>, string])[] = [
  ['report', 'report.html'],
  ['results', 'results.json'],
  ['summary', 'summary.txt'],
  ['sentences', 'sentences.csv'],
  ['modelCard', 'MODEL_CARD.md'],
  ['dataCard', 'DATA_CARD.md'],
  ['config', 'config.yaml'],
];

/** @returns the table for the terminal */
export async function writeResultFiles(store: Store, folder: string, files: ReportFiles): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const [key, name] of fileNames) writeFileSync(join(folder, name), await store.getBlob(files[key]));
  for (const [path, bytes] of Object.entries(await getFolder(store, files.further))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return Buffer.from(await store.getBlob(files.summary)).toString('utf8');
}

/** The files that a finished run leaves for a person, copied out of the store. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../core/checkpoint/index.js';
import type { PipelineResult } from '../workflows/research-pipeline.js';

/** Copies the results out of the store, to where a person looks for them. */
export async function writeResultFiles(
  store: Store,
  folder: string,
  { report, results, summary }: PipelineResult,
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'report.html'), await store.getBlob(report));
  writeFileSync(join(folder, 'results.json'), await store.getBlob(results));
  const table = Buffer.from(await store.getBlob(summary));
  writeFileSync(join(folder, 'summary.txt'), table);
  return table.toString('utf8');
}

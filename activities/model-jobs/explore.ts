/** Job explore: keyword frequencies, their company, and the nouns that the vocabulary lacks. */

import type { StudyConfig } from '../../config/schema.js';
import { parseTargets } from '../../config/study-data.js';
import { getFolder, type BlobRef, type FolderRef } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import { explore, type MissingNoun } from '../../core/text/explore.js';
import { cleanRecordSchema, parseRecords } from '../../core/text/records.js';
import { getText, putJson } from '../blobs.js';
import { tokenizerOf } from './models.js';

export interface ExploreJobInput {
  readonly texts: BlobRef;
  readonly targets: BlobRef;
  readonly model: FolderRef;
  readonly settings: StudyConfig['explore'];
}

export interface ExploreJobResult {
  /** JSON of the `Exploration`. */
  readonly exploration: BlobRef;
  /** JSON of the nouns that the vocabulary lacks, by falling saving. */
  readonly candidates: BlobRef;
  readonly nouns: number;
  readonly missingNouns: number;
}

export type Candidate = MissingNoun;

export async function exploreJob(
  { texts, targets, model, settings }: ExploreJobInput,
  { store, progress }: JobContext,
): Promise<ExploreJobResult> {
  const records = parseRecords(await store.getBlob(texts), cleanRecordSchema, 'clean texts');
  const { groups, language } = parseTargets(await getText(store, targets), 'targets');
  const tokenizer = tokenizerOf(await getFolder(store, model));
  progress({ done: 0, total: records.length, unit: 'texts', metrics: {} });
  const exploration = explore(records, tokenizer, { ...settings, keywords: Object.values(groups).flat(), language });
  progress({
    done: records.length,
    total: records.length,
    unit: 'texts',
    metrics: { nouns: exploration.nouns.length },
  });
  return {
    exploration: await putJson(store, exploration),
    candidates: await putJson(store, exploration.missingNouns),
    nouns: exploration.nouns.length,
    missingNouns: exploration.missingNouns.length,
  };
}

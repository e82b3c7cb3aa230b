/** Job explore: keyword frequencies, their company, and the nouns that the vocabulary lacks. */

import { setImmediate } from 'node:timers/promises';
import type { StudyConfig } from '../../config/schema.js';
import { parseTargets } from '../../config/study-data.js';
import { getFolder, type BlobRef, type FolderRef } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import { analyseTexts, type AnalysedTexts } from '../../core/text/analyser.js';
import { explore } from '../../core/text/explore.js';
import { cleanRecordSchema, parseRecords } from '../../core/text/records.js';
import type { MissingNoun } from '../../core/text/vocabulary-candidates.js';
import { getText, putJson } from '../blobs.js';
import { openKiwi } from './kiwi-analyser.js';
import { tokenizerOf } from './models.js';

export interface ExploreJobInput {
  readonly texts: BlobRef;
  readonly targets: BlobRef;
  readonly model: FolderRef;
  /** Of the analyser that was chosen, where it needs one. */
  readonly analyserModel?: FolderRef;
  readonly settings: Pick<StudyConfig['explore'], 'topKeywords' | 'coOccurringNouns' | 'minNounCount'>;
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

/** What the analyser that was chosen finds in every text. */
async function analysed(
  texts: readonly string[],
  model: FolderRef,
  { store, progress }: JobContext,
): Promise<AnalysedTexts> {
  const analyser = await openKiwi(await getFolder(store, model));
  return analyseTexts(texts, analyser, async (done) => {
    progress({ done, total: texts.length, unit: 'texts', metrics: {} });
    await setImmediate();
  });
}

export async function exploreJob(
  { texts, targets, model, analyserModel, settings }: ExploreJobInput,
  context: JobContext,
): Promise<ExploreJobResult> {
  const { store, progress } = context;
  const records = parseRecords(await store.getBlob(texts), cleanRecordSchema, 'clean texts');
  const { groups, language } = parseTargets(await getText(store, targets), 'targets');
  const tokenizer = tokenizerOf(await getFolder(store, model));
  progress({ done: 0, total: records.length, unit: 'texts', metrics: {} });
  const exploration = explore(
    records,
    tokenizer,
    { ...settings, keywords: Object.values(groups).flat(), language },
    analyserModel &&
      (await analysed(
        records.map(({ text }) => text),
        analyserModel,
        context,
      )),
  );
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

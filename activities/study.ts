/** What a study starts from, as references: the resolved configuration and every file that it names. */

import type { BlobRef, FolderRef, Store } from '../core/checkpoint/index.js';
import { configSchema, measuringSchema, type MeasuringConfig, type StudyConfig } from '../config/schema.js';

/** What a model is measured with. References into the store, so that no worker needs the files themselves. */
export interface MeasuringInputs {
  /** The resolved configuration as JSON. */
  readonly config: BlobRef;
  readonly targets: BlobRef;
  readonly prompts: BlobRef;
  /** Held-out general text, for the perplexity. */
  readonly generalText?: BlobRef;
  /** A model folder, see `model-files`. */
  readonly model: FolderRef;
  /** JSON lines of the malformed rows of labelled files that were left out, where there were any. */
  readonly skippedLabels?: { readonly rows: BlobRef; readonly count: number };
}

/** What a measurement alone starts from. */
export interface MeasurementInputs extends MeasuringInputs {
  /** The classifier that measures, or the labelled sentences that it is to learn from. */
  readonly classifier:
    | { readonly kind: 'labels'; readonly labels: BlobRef }
    | { readonly kind: 'model'; readonly model: FolderRef };
}

export interface StudyInputs extends MeasuringInputs {
  readonly generalText: BlobRef;
  readonly rewardLabels: BlobRef;
  readonly sentimentLabels: BlobRef;
  /** Texts brought by the user instead of a crawl. */
  readonly texts: readonly BlobRef[];
  /** An earlier study's figures. */
  readonly reference?: BlobRef;
  /** Files of the morphological analyser that was chosen beside the statistics. */
  readonly analyserModel?: FolderRef;
}

/** One member of the sweep. */
export interface SweepPoint {
  readonly epochs: number;
  readonly seed: number;
}

/** Every activity is given at least this. */
export interface StudyStageInput {
  readonly study: StudyInputs;
}

/** The resolved configuration of a study. */
export async function readStudyConfig(store: Store, study: StudyInputs): Promise<StudyConfig> {
  const bytes = await store.getBlob(study.config);
  return configSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/** Those settings of a study, or of a measurement alone, that say how a model is measured. */
export async function readMeasuringConfig(
  store: Store,
  study: Pick<MeasuringInputs, 'config'>,
): Promise<MeasuringConfig> {
  const bytes = await store.getBlob(study.config);
  return measuringSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/** The seed of the stages before the sweep: the first of the list. */
export function mainSeed(config: Pick<StudyConfig, 'seed'>): number {
  return config.seed[0] ?? 0;
}

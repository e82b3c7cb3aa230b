/** What a study starts from, as references: the resolved configuration and every file that it names. */

import type { BlobRef, FolderRef, Store } from '../core/checkpoint/index.js';
import { configSchema, type StudyConfig } from '../config/schema.js';

/** References into the store, so that no worker needs the files themselves. */
export interface StudyInputs {
  /** The resolved configuration as JSON. */
  readonly config: BlobRef;
  readonly targets: BlobRef;
  readonly prompts: BlobRef;
  readonly generalText: BlobRef;
  readonly rewardLabels: BlobRef;
  readonly sentimentLabels: BlobRef;
  /** A model folder, see `model-files`. */
  readonly model: FolderRef;
  /** Texts brought by the user instead of a crawl. */
  readonly texts: readonly BlobRef[];
  /** An earlier study's figures. */
  readonly reference?: BlobRef;
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

/** The seed of the stages before the sweep: the first of the list. */
export function mainSeed(config: StudyConfig): number {
  return config.seed[0] ?? 0;
}

/** What a study starts from, as references: the resolved configuration and every file that it names. */

import type { Precision, SessionOptions } from '../core/backends/index.js';
import type { BlobRef, FolderRef, Store } from '../core/checkpoint/index.js';
import { withValue, type ConfigTree } from '../config/override.js';
import { configSchema, measuringSchema, type MeasuringConfig, type StudyConfig } from '../config/schema.js';
import type { SweepValue } from '../config/sweep-value.js';

/** A measure beside the classifier: a list of words, or another classifier. */
export type MeasureInput =
  | { readonly name: string; readonly kind: 'lexicon'; readonly words: BlobRef }
  | { readonly name: string; readonly kind: 'model'; readonly model: FolderRef };

/** What a model is measured with. References into the store, so that no worker needs the files themselves. */
export interface MeasuringInputs {
  /** The resolved configuration as JSON. */
  readonly config: BlobRef;
  readonly targets: BlobRef;
  readonly prompts: BlobRef;
  /** Held-out general text, for the perplexity. */
  readonly generalText?: BlobRef;
  /** In the order of the configuration; absent where there are none. */
  readonly measures?: readonly MeasureInput[];
  /** A model folder, see `model-files`. */
  readonly model: FolderRef;
  /** The BERT that the measuring classifier starts from; else it starts small and fresh, with the model's tokenizer. */
  readonly sentimentStart?: FolderRef;
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
  /** The BERT that the reward starts from. */
  readonly rewardStart?: FolderRef;
  /** Texts brought by the user instead of a crawl. */
  readonly texts: readonly BlobRef[];
  /** An earlier study's figures. */
  readonly reference?: BlobRef;
  /** Files of the morphological analyser that was chosen beside the statistics. */
  readonly analyserModel?: FolderRef;
  /** Where keywords lie on a map. */
  readonly map?: BlobRef;
}

/** Values of settings by their path, `{ 'ppo.klCoefficient': 0.1 }`. */
export type SettingOverrides = Readonly<Record<string, SweepValue>>;

/** In what the points of a group differ from all others. */
export interface GroupName {
  readonly label: string;
  readonly overrides: SettingOverrides;
}

/** One member of the sweep. */
export interface SweepPoint {
  /** PPO epochs. */
  readonly epochs: number;
  readonly seed: number;
  /** For people: `epochs=3 seed=0 klCoefficient=0.1`. Two points of a sweep never share it. */
  readonly label: string;
  /** For workflow ids and file names: `ppo-3-seed-0-klCoefficient-0.1`. */
  readonly id: string;
  /** Every setting that has several values in the sweep, with this point's. */
  readonly overrides: SettingOverrides;
}

/** Sweep points that agree in all that is read before PPO, and what they start from. */
export interface StudyGroup {
  readonly study: StudyInputs;
  readonly points: readonly SweepPoint[];
  /** In what it differs from the other groups. */
  readonly overrides: SettingOverrides;
  readonly label: string;
  readonly id: string;
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

/** A configuration with other values of some settings. */
export function withOverrides(config: StudyConfig, overrides: SettingOverrides): StudyConfig {
  const tree: ConfigTree = { ...config };
  return configSchema.parse(
    Object.entries(overrides).reduce((whole, [path, value]) => withValue(whole, path.split('.'), value), tree),
  );
}

/** Those settings of a study, or of a measurement alone, that say how a model is measured. */
export async function readMeasuringConfig(
  store: Store,
  study: Pick<MeasuringInputs, 'config'>,
): Promise<MeasuringConfig> {
  const bytes = await store.getBlob(study.config);
  return measuringSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/** How a model job computes, as far as it bears on the result: part of its stage's key. */
export type JobRuntime = Pick<SessionOptions, 'threads' | 'device'>;

/** The CPU goes without saying. */
export function jobRuntime({ compute }: Pick<StudyConfig, 'compute'>, threads = compute.threads): JobRuntime {
  return { threads, ...(compute.device === 'cpu' ? {} : { device: compute.device }) };
}

/** The same out of a job's settings. */
export function runtimeOf({ threads, device }: JobRuntime): JobRuntime {
  return { threads, ...(device && { device }) };
}

/** How a job that trains computes: part of its stage's key. */
export interface TrainingRuntime extends JobRuntime {
  readonly precision?: Precision;
}

/** float32 goes without saying. PPO, sampling and scoring compute in it always. */
export function trainingRuntime(config: Pick<StudyConfig, 'compute'>): TrainingRuntime {
  const { precision } = config.compute;
  return { ...jobRuntime(config), ...(precision === 'float32' ? {} : { precision }) };
}

/** The same out of a job's settings. */
export function trainingRuntimeOf({ precision, ...settings }: TrainingRuntime): TrainingRuntime {
  return { ...runtimeOf(settings), ...(precision && { precision }) };
}

/** The seed of the stages before the sweep: the first of the list. */
export function mainSeed(config: Pick<StudyConfig, 'seed'>): number {
  return config.seed[0] ?? 0;
}

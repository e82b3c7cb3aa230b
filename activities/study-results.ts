/** What the stages of a study made, by reference: handed from workflow to comparison and report. */

import type { BlobRef, FolderRef } from '../core/checkpoint/index.js';
import type { BiasEvalJobResult } from './model-jobs/bias-eval.js';
import type { ClassifierJobResult } from './model-jobs/classifier.js';
import type { CleanJobResult } from './model-jobs/clean.js';
import type { CompareJobResult } from './model-jobs/compare.js';
import type { ExploreJobResult } from './model-jobs/explore.js';
import type { FinetuneJobResult } from './model-jobs/finetune.js';
import type { PpoJobResult } from './model-jobs/ppo.js';
import type { RewardJobResult } from './model-jobs/reward.js';
import type { VocabularyJobResult } from './model-jobs/vocab-extend.js';
import type { StageProgress } from './stage-progress.js';
import type { GroupName, MeasuringInputs, StudyInputs, StudyStageInput, SweepPoint } from './study.js';

export interface CrawlStageResult {
  /** JSON lines of raw records. */
  readonly records: BlobRef;
  /** JSON lines of what was fetched; absent when texts were brought by the user. */
  readonly ledger?: BlobRef;
  readonly pages: number;
  /** Pages that could not be read without harm and were left out, where there were any; the ledger says why. */
  readonly quarantined?: number;
  readonly texts: number;
  readonly bySource: Readonly<Record<string, number>>;
  /** JSON lines of the malformed rows that were left out, where there were any. */
  readonly skipped?: BlobRef;
  readonly skippedRows?: number;
  /** JSON of the planted share of negative texts by keyword. */
  readonly planted?: BlobRef;
}

/** A sweep point that has no result, and why. */
export interface MissingPoint extends SweepPoint {
  readonly reason: string;
}

/** A sweep point that was trained and measured. */
export interface SweepMember {
  readonly point: SweepPoint;
  readonly ppo: PpoJobResult;
  readonly bias: BiasEvalJobResult;
}

/** What the stages before the sweep made, by reference. */
export interface UpstreamResults {
  readonly crawl: CrawlStageResult;
  readonly clean: CleanJobResult;
  readonly explore: ExploreJobResult;
  readonly vocabulary: VocabularyJobResult;
  readonly finetune: FinetuneJobResult;
  readonly sentiment: ClassifierJobResult;
  readonly baseline: BiasEvalJobResult;
  readonly reward: RewardJobResult;
}

/** Sweep points whose settings differ from the others' before PPO: each is compared with its own baseline. */
export interface OtherGroup extends GroupName {
  readonly study: StudyInputs;
  readonly upstream: UpstreamResults;
  readonly members: readonly SweepMember[];
}

/** What the stages made: all that the comparison depends on. */
export interface StudyResults extends UpstreamResults {
  readonly members: readonly SweepMember[];
  readonly missing: readonly MissingPoint[];
  /** Of those that the above is of; given where there are others. */
  readonly group?: GroupName;
  readonly others?: readonly OtherGroup[];
}

export interface CompareInput extends StudyStageInput {
  readonly made: StudyResults;
}

export interface WriteReportInput extends CompareInput {
  readonly runId: string;
  /** The command that was typed. */
  readonly command?: string;
  readonly comparison: CompareJobResult;
  /** How each stage went; shown, never compared. */
  readonly stages: readonly StageProgress[];
}

/** A measurement alone, before it is summarised. */
export interface SummariseInput {
  readonly study: MeasuringInputs;
  readonly baseline: BiasEvalJobResult;
}

export interface WriteMeasurementInput extends SummariseInput {
  readonly runId: string;
  readonly comparison: CompareJobResult;
  /** The classifier that was trained for it; absent when one was given. */
  readonly sentiment?: ClassifierJobResult;
  readonly sentimentModel: FolderRef;
  readonly stages: readonly StageProgress[];
  /** The command that was typed. */
  readonly command: string;
}

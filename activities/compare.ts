/** Stage compare: sets every sweep point beside the baseline, with statistics, report and results. */

import type { StageProgress } from './stage-progress.js';
import type { BiasEvalResult } from './bias-eval.js';
import type { CrawlStageResult } from './crawl.js';
import type { ClassifierJobResult } from './model-jobs/classifier.js';
import type { CompareJobResult } from './model-jobs/compare.js';
import type { CleanJobResult } from './model-jobs/clean.js';
import type { ExploreJobResult } from './model-jobs/explore.js';
import type { FinetuneJobResult } from './model-jobs/finetune.js';
import type { RewardJobResult } from './model-jobs/reward.js';
import type { ReportFiles } from './model-jobs/report-files.js';
import type { VocabularyJobResult } from './model-jobs/vocab-extend.js';
import type { PpoStageResult } from './ppo.js';
import { runActivity, runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { mainSeed, readStudyConfig, type StudyStageInput, type SweepPoint } from './study.js';

/** A sweep point that has no result, and why. */
export interface MissingPoint extends SweepPoint {
  readonly reason: string;
}

/** A sweep point that was trained and measured. */
export interface SweepMember {
  readonly point: SweepPoint;
  readonly ppo: PpoStageResult;
  readonly bias: BiasEvalResult;
}

/** What the stages made, by reference: all that the comparison depends on. */
export interface StudyResults {
  readonly crawl: CrawlStageResult;
  readonly clean: CleanJobResult;
  readonly explore: ExploreJobResult;
  readonly vocabulary: VocabularyJobResult;
  readonly finetune: FinetuneJobResult;
  readonly sentiment: ClassifierJobResult;
  readonly baseline: BiasEvalResult;
  readonly reward: RewardJobResult;
  readonly members: readonly SweepMember[];
  readonly missing: readonly MissingPoint[];
}

export interface CompareInput extends StudyStageInput {
  readonly made: StudyResults;
}

export interface WriteReportInput extends CompareInput {
  readonly runId: string;
  readonly comparison: CompareJobResult;
  /** How each stage went; shown, never compared. */
  readonly stages: readonly StageProgress[];
}

export function createCompareActivities(deps: StageDependencies) {
  return {
    async compareRuns({ study, made }: CompareInput): Promise<StageOutcome<CompareJobResult>> {
      const config = await readStudyConfig(deps.store, study);
      const settings = { bootstrapSamples: config.biasEval.bootstrapSamples, seed: mainSeed(config) };
      const { baseline, reward, crawl } = made;
      const members = made.members.map(({ point, ppo, bias }) => ({ point, health: ppo.health, bias }));
      const inputs = {
        baseline,
        baselineRewards: reward.baselineRewards,
        members,
        ...(crawl.planted ? { planted: crawl.planted } : {}),
      };
      return runStage(deps, { name: 'compare', version: 2, config: settings, inputs }, (run) =>
        deps.jobs.run('compare', { ...inputs, settings }, run),
      );
    },

    /** The pages show this run's times and what it reused, so they are made anew each time. */
    async writeReport(input: WriteReportInput): Promise<ReportFiles> {
      return runActivity('report', input.runId, (run) => deps.jobs.run('report', input, run));
    },
  };
}

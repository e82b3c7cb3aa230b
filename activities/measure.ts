/** A measurement alone: the statistics of one model, and the pages that show them. Nothing is mitigated. */

import type { FolderRef } from '../core/checkpoint/index.js';
import type { BiasEvalJobResult } from './model-jobs/bias-eval.js';
import type { ClassifierJobResult } from './model-jobs/classifier.js';
import type { CompareJobResult } from './model-jobs/compare.js';
import type { ReportFiles } from './model-jobs/report-files.js';
import { runActivity, runStage, type StageDependencies, type StageOutcome } from './stage.js';
import type { StageProgress } from './stage-progress.js';
import { mainSeed, readMeasuringConfig, type MeasuringInputs } from './study.js';

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

export function createMeasureActivities(deps: StageDependencies) {
  return {
    async summariseMeasurement({ study, baseline }: SummariseInput): Promise<StageOutcome<CompareJobResult>> {
      const config = await readMeasuringConfig(deps.store, study);
      const settings = { bootstrapSamples: config.biasEval.bootstrapSamples, seed: mainSeed(config) };
      const inputs = { baseline, members: [] };
      return runStage(deps, { name: 'compare', version: 5, config: settings, inputs }, (run) =>
        deps.jobs.run('compare', { ...inputs, settings }, run),
      );
    },

    async writeMeasurement(input: WriteMeasurementInput): Promise<ReportFiles> {
      return runActivity('report', input.runId, (run) => deps.jobs.run('measurement-report', input, run));
    },
  };
}

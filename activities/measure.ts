/** A measurement alone: the statistics of one model, and the pages that show them. Nothing is mitigated. */

import type { CompareJobResult } from './model-jobs/compare.js';
import type { ReportFiles } from './model-jobs/report-files.js';
import { compareStage } from './compare.js';
import { runActivity, runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { mainSeed, readMeasuringConfig } from './study.js';
import type { SummariseInput, WriteMeasurementInput } from './study-results.js';

export function createMeasureActivities(deps: StageDependencies) {
  return {
    async summariseMeasurement({ study, baseline }: SummariseInput): Promise<StageOutcome<CompareJobResult>> {
      const config = await readMeasuringConfig(deps.store, study);
      const settings = { bootstrapSamples: config.biasEval.bootstrapSamples, seed: mainSeed(config) };
      const inputs = { groups: [{ label: '', overrides: {}, measuredWith: '', baseline, members: [] }] };
      return runStage(deps, { ...compareStage, config: settings, inputs }, (run) =>
        deps.jobs.run('compare', { ...inputs, settings }, run),
      );
    },

    async writeMeasurement(input: WriteMeasurementInput): Promise<ReportFiles> {
      return runActivity('report', input.runId, (run) => deps.jobs.run('measurement-report', input, run));
    },
  };
}

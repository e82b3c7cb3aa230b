/** Stage clean: keeps the texts that name a target, and counts what was dropped and why. */

import type { BlobRef } from '../core/checkpoint/index.js';
import type { CleanJobResult } from './model-jobs/clean.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { readStudyConfig, type StudyStageInput } from './study.js';

export interface CleanInput extends StudyStageInput {
  readonly records: BlobRef;
}

export function createCleanActivities(deps: StageDependencies) {
  return {
    async cleanTexts({ study, records }: CleanInput): Promise<StageOutcome<CleanJobResult>> {
      const { clean: settings } = await readStudyConfig(deps.store, study);
      const spec = { name: 'clean', version: 2, config: settings, inputs: { records, targets: study.targets } };
      return runStage(deps, spec, (run) => deps.jobs.run('clean', { records, targets: study.targets, settings }, run));
    },
  };
}

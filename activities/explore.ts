/** Stage explore: keyword frequencies, co-occurring nouns, and nouns that the vocabulary lacks. */

import type { BlobRef } from '../core/checkpoint/index.js';
import type { ExploreJobResult } from './model-jobs/explore.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { readStudyConfig, type StudyStageInput } from './study.js';

export interface ExploreInput extends StudyStageInput {
  readonly texts: BlobRef;
}

export function createExploreActivities(deps: StageDependencies) {
  return {
    async exploreTexts({ study, texts }: ExploreInput): Promise<StageOutcome<ExploreJobResult>> {
      const { explore: settings } = await readStudyConfig(deps.store, study);
      const inputs = { texts, targets: study.targets, model: study.model };
      return runStage(deps, { name: 'explore', version: 1, config: settings, inputs }, (run) =>
        deps.jobs.run('explore', { ...inputs, settings }, run),
      );
    },
  };
}

/** Stage explore: keyword frequencies, co-occurring nouns, and nouns that the vocabulary lacks. */

import type { BlobRef } from '../core/checkpoint/index.js';
import type { ExploreJobResult } from './model-jobs/explore.js';
import { kiwiVersion } from './model-jobs/kiwi-analyser.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { readStudyConfig, type StudyStageInput } from './study.js';

export interface ExploreInput extends StudyStageInput {
  readonly texts: BlobRef;
}

export function createExploreActivities(deps: StageDependencies) {
  return {
    async exploreTexts({ study, texts }: ExploreInput): Promise<StageOutcome<ExploreJobResult>> {
      const { topKeywords, coOccurringNouns, minNounCount } = (await readStudyConfig(deps.store, study)).explore;
      const settings = { topKeywords, coOccurringNouns, minNounCount };
      const { targets, model, analyserModel } = study;
      const inputs = { texts, targets, model, ...(analyserModel ? { analyserModel } : {}) };
      const config = { ...settings, ...(analyserModel ? { kiwiVersion: kiwiVersion() } : {}) };
      return runStage(deps, { name: 'explore', version: 3, config, inputs }, (run) =>
        deps.jobs.run('explore', { ...inputs, settings }, run),
      );
    },
  };
}

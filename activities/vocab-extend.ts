/** Stage vocab-extend: puts new words on unused ids of the tokenizer; ids and size of the vocabulary stay. */

import type { BlobRef } from '../core/checkpoint/index.js';
import type { VocabularyJobResult } from './model-jobs/vocab-extend.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { readStudyConfig, type StudyStageInput } from './study.js';

export interface VocabularyInput extends StudyStageInput {
  readonly texts: BlobRef;
  /** Nouns that the vocabulary lacks, best first. */
  readonly candidates: BlobRef;
}

export function createVocabularyActivities(deps: StageDependencies) {
  return {
    async extendVocabulary({ study, texts, candidates }: VocabularyInput): Promise<StageOutcome<VocabularyJobResult>> {
      const { vocabulary, compute } = await readStudyConfig(deps.store, study);
      const settings = { ...vocabulary, threads: compute.threads };
      const inputs = { model: study.model, texts, candidates };
      return runStage(deps, { name: 'vocab-extend', version: 2, config: settings, inputs }, (run) =>
        deps.jobs.run('vocab-extend', { ...inputs, settings }, run),
      );
    },
  };
}

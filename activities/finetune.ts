/** Stage finetune: causal language modelling on the cleaned texts, resumed from its newest checkpoint. */

import type { BlobRef, FolderRef } from '../core/checkpoint/index.js';
import type { FinetuneJobResult } from './model-jobs/finetune.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { mainSeed, readStudyConfig, trainingRuntime, type StudyStageInput } from './study.js';

export interface FinetuneInput extends StudyStageInput {
  readonly model: FolderRef;
  readonly texts: BlobRef;
}

export function createFinetuneActivities(deps: StageDependencies) {
  return {
    async finetuneModel({ study, model, texts }: FinetuneInput): Promise<StageOutcome<FinetuneJobResult>> {
      const config = await readStudyConfig(deps.store, study);
      const { checkpointEverySteps, ...training } = config.finetune;
      const settings = { ...training, seed: mainSeed(config), ...trainingRuntime(config) };
      const inputs = { model, texts };
      return runStage(deps, { name: 'finetune', version: 8, config: settings, inputs }, (run) =>
        deps.jobs.run(
          'finetune',
          { stageKey: run.key, ...inputs, settings: { ...settings, checkpointEverySteps } },
          run,
        ),
      );
    },
  };
}

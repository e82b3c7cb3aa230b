/** Stage ppo: one policy from the fine-tuned model, with its own number of PPO epochs and seed. */

import type { BlobRef, FolderRef } from '../core/checkpoint/index.js';
import type { PpoJobResult } from './model-jobs/ppo.js';
import type { RewardModel } from './model-jobs/reward.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { readPointConfig, type StudyStageInput, type SweepPoint } from './study.js';

export interface PpoStageInput extends StudyStageInput {
  /** The fine-tuned model: start and reference of the policy. */
  readonly model: FolderRef;
  /** Cleaned texts, whose first words are the queries. */
  readonly texts: BlobRef;
  readonly reward: RewardModel;
  readonly point: SweepPoint;
}

export function createPpoActivities(deps: StageDependencies) {
  return {
    async trainPpoPolicy({ study, model, texts, reward, point }: PpoStageInput): Promise<StageOutcome<PpoJobResult>> {
      const config = await readPointConfig(deps.store, study, point);
      const { epochs: _sweep, ...ppo } = config.ppo;
      const settings = { ...ppo, epochs: point.epochs, seed: point.seed, threads: config.compute.sweepThreads };
      const inputs = {
        model,
        texts,
        targets: study.targets,
        prompts: study.prompts,
        reward: { model: reward.model, scale: reward.scale },
      };
      return runStage(deps, { name: 'ppo', version: 1, config: settings, inputs }, (run) =>
        deps.jobs.run('ppo', { stageKey: run.key, ...inputs, settings }, run),
      );
    },
  };
}

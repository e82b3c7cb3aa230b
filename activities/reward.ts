/** Stage reward: trains negative against not negative on the labelled sentences, fits the scale, and scores the baseline. */

import type { BlobRef } from '../core/checkpoint/index.js';
import { settingsInKey } from './classifier-key.js';
import type { RewardJobResult } from './model-jobs/reward.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { readStudyConfig, trainingRuntime, type StudyStageInput } from './study.js';

export interface RewardInput extends StudyStageInput {
  /** The baseline's measured sentences, which the new reward scores. */
  readonly sentences: BlobRef;
}

export function createRewardActivities(deps: StageDependencies) {
  return {
    async trainReward({ study, sentences }: RewardInput): Promise<StageOutcome<RewardJobResult>> {
      const config = await readStudyConfig(deps.store, study);
      const settings = { ...config.reward, ...trainingRuntime(config) };
      const { model: tokenizer, rewardStart: start } = study;
      const inputs = { labels: study.rewardLabels, ...(start ? { start } : { tokenizer }), sentences };
      const spec = { name: 'reward', version: 9, config: settingsInKey(settings, start), inputs };
      return runStage(deps, spec, (run) => deps.jobs.run('reward', { stageKey: run.key, ...inputs, settings }, run));
    },
  };
}

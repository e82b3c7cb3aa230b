/** Stage ppo: one policy from the fine-tuned model, with the settings of one sweep point. */

import type { BlobRef, FolderRef } from '../core/checkpoint/index.js';
import type { StudyConfig } from '../config/schema.js';
import type { Following } from './model-jobs/follow-ppo.js';
import type { PpoJobResult } from './model-jobs/ppo.js';
import type { RewardModel } from './model-jobs/reward.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import {
  jobRuntime,
  mainSeed,
  readStudyConfig,
  withOverrides,
  type StudyStageInput,
  type SweepPoint,
} from './study.js';

export interface PpoStageInput extends StudyStageInput {
  /** The fine-tuned model: start and reference of the policy. */
  readonly model: FolderRef;
  /** Cleaned texts, whose first words are the queries. */
  readonly texts: BlobRef;
  readonly reward: RewardModel;
  /** The measuring classifier: follows the run, and never rewards. */
  readonly sentimentModel: FolderRef;
  readonly point: SweepPoint;
}

/** What the run is followed with. Every point is asked under the same random counters, whatever its seed. */
function followedWith(config: StudyConfig, { study, sentimentModel }: PpoStageInput): Following {
  const {
    bootstrapSamples: _samples,
    generalRepetitions: _general,
    measures: _measures,
    ...measuring
  } = config.biasEval;
  const { measureRepetitions: repetitions } = config.ppo;
  const settings = { ...measuring, repetitions, seed: mainSeed(config) };
  return { sentimentModel, generalText: study.generalText, settings };
}

export function createPpoActivities(deps: StageDependencies) {
  return {
    async trainPpoPolicy(input: PpoStageInput): Promise<StageOutcome<PpoJobResult>> {
      const { study, model, texts, reward, point } = input;
      const shared = await readStudyConfig(deps.store, study);
      const config = withOverrides(shared, point.overrides);
      const { epochs: _sweep, measureRepetitions: _repetitions, checkpointEveryBatches, ...ppo } = config.ppo;
      const settings = {
        ...ppo,
        epochs: point.epochs,
        seed: point.seed,
        ...jobRuntime(config, config.compute.sweepThreads),
      };
      const inputs = {
        model,
        texts,
        targets: study.targets,
        prompts: study.prompts,
        reward: { model: reward.model, scale: reward.scale },
        ...(ppo.measureEveryBatches > 0 ? { following: followedWith({ ...shared, ppo: config.ppo }, input) } : {}),
      };
      return runStage(deps, { name: 'ppo', version: 10, config: settings, inputs }, (run) =>
        deps.jobs.run('ppo', { stageKey: run.key, ...inputs, settings: { ...settings, checkpointEveryBatches } }, run),
      );
    },
  };
}

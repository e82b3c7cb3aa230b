/** Stage bias-eval: asks a model every probe and scores its sentences with the independent classifier. */

import type { FolderRef } from '../core/checkpoint/index.js';
import type { BiasEvalJobResult } from './model-jobs/bias-eval.js';
import type { RewardModel } from './model-jobs/reward.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import type { MeasuringConfig } from '../config/schema.js';
import { jobRuntime, mainSeed, readMeasuringConfig, type MeasuringInputs } from './study.js';

export interface BiasEvalInput {
  readonly study: MeasuringInputs;
  readonly model: FolderRef;
  /** The measuring classifier. */
  readonly sentimentModel: FolderRef;
  /** Scores the same sentences as PPO did; absent before the reward model exists. */
  readonly reward?: RewardModel;
  /** Sweep points share the machine, so each gets fewer threads. */
  readonly inSweep: boolean;
}

/** All that bears on a measurement but the model that is measured, its reward and the machine. */
export function measuredWith(config: MeasuringConfig, study: MeasuringInputs, sentimentModel: FolderRef) {
  const { bootstrapSamples: _samples, measures: _measures, ...measuring } = config.biasEval;
  const { targets, prompts, generalText, measures } = study;
  return {
    // Every model answers under the same random counters, so that differences between models are paired.
    settings: { ...measuring, seed: mainSeed(config) },
    inputs: {
      sentimentModel,
      targets,
      prompts,
      ...(generalText ? { generalText } : {}),
      ...(measures ? { measures } : {}),
    },
  };
}

export function createBiasEvalActivities(deps: StageDependencies) {
  return {
    async measureBias({
      study,
      model,
      sentimentModel,
      reward,
      inSweep,
    }: BiasEvalInput): Promise<StageOutcome<BiasEvalJobResult>> {
      const config = await readMeasuringConfig(deps.store, study);
      const measuring = measuredWith(config, study, sentimentModel);
      const threads = inSweep ? config.compute.sweepThreads : config.compute.threads;
      const settings = { ...measuring.settings, ...jobRuntime(config, threads) };
      const inputs = {
        model,
        ...measuring.inputs,
        ...(reward ? { reward: { model: reward.model, scale: reward.scale } } : {}),
      };
      return runStage(deps, { name: 'bias-eval', version: 4, config: settings, inputs }, (run) =>
        deps.jobs.run('bias-eval', { ...inputs, settings }, run),
      );
    },
  };
}

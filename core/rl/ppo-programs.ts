/** The three programs of a PPO run: one samples and reads, one reads with the reference, one learns. */

import { adamDefaults } from '../optim/index.js';
import type { PpoPlan } from './ppo-plan.js';
import { openPolicyUpdater } from './policy-updater.js';
import type { PolicyUpdater } from './updater-types.js';
import { openRolloutSampler } from './rollout-sampler.js';
import type { RolloutSampler } from './rollout-sampler.js';
import { openReferenceScorer, openRolloutScorer } from './rollout-scorer.js';
import type { RolloutScorer } from './rollout-scorer.js';

export interface PpoPrograms {
  readonly sampler: RolloutSampler;
  readonly referenceScorer: RolloutScorer<Float32Array>;
  readonly updater: PolicyUpdater;
  release(): Promise<void>;
}

export async function openPpoPrograms(plan: PpoPlan): Promise<PpoPrograms> {
  const { config, settings, profile, layout, padded } = plan;
  const shared = { ...layout, ...profile, padded };
  const [beta1, beta2] = settings.adamBetas;
  const scored = { ...shared, rows: plan.rolloutRows };
  const sampler = await openRolloutSampler(plan, () => openRolloutScorer(config, scored, settings));
  const referenceScorer = await openReferenceScorer(config, scored, settings);
  const updater = await openPolicyUpdater(
    config,
    {
      ...settings,
      ...shared,
      minibatchSize: plan.minibatchSize,
      steps: plan.stepsPerRun,
      adam: { ...adamDefaults, beta1, beta2, epsilon: profile.adamEpsilon },
    },
    settings,
  );
  return {
    sampler,
    referenceScorer,
    updater,
    release: async () => {
      await sampler.release();
      await referenceScorer.release();
      await updater.release();
    },
  };
}

/** The three programs of a PPO run: one samples, one reads, one learns. */

import { adamDefaults } from '../optim/index.js';
import type { PpoPlan } from './ppo-plan.js';
import { openPolicyUpdater } from './policy-updater.js';
import type { PolicyUpdater } from './policy-updater.js';
import { openRolloutSampler } from './rollout-sampler.js';
import type { RolloutSampler } from './rollout-sampler.js';
import { openRolloutScorer } from './rollout-scorer.js';
import type { RolloutScorer } from './rollout-scorer.js';

export interface PpoPrograms {
  readonly sampler: RolloutSampler;
  readonly scorer: RolloutScorer;
  readonly updater: PolicyUpdater;
  release(): Promise<void>;
}

export async function openPpoPrograms(plan: PpoPlan): Promise<PpoPrograms> {
  const { config, settings, profile, layout, padded } = plan;
  const shared = { ...layout, ...profile, padded };
  const [beta1, beta2] = settings.adamBetas;
  const sampler = await openRolloutSampler(plan);
  const scorer = await openRolloutScorer(config, { ...shared, rows: plan.rolloutRows }, settings);
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
    scorer,
    updater,
    release: async () => {
      await sampler.release();
      await scorer.release();
      await updater.release();
    },
  };
}

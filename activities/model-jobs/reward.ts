/** Job reward: negative against not negative from human labels, its scale, and what it says of the baseline's sentences. */

import type { StudyConfig } from '../../config/schema.js';
import { rewardSummary, type RewardFigures, type ScoredSentence } from '../../core/bias/index.js';
import type { BlobRef, FolderRef } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import { fitRewardScale, scaleRewards, type RewardScale } from '../../core/rl/reward-scaling.js';
import { getLines, putJson } from '../blobs.js';
import { runtimeOf, type TrainingRuntime } from '../study.js';
import { trainOnLabels, type ClassifierJobInput, type ClassifierJobResult } from './classifier.js';
import { withTextScorer } from './score.js';

export interface RewardJobInput extends Omit<ClassifierJobInput, 'purpose' | 'settings'> {
  readonly sentences: BlobRef;
  readonly settings: StudyConfig['reward'] & TrainingRuntime;
}

/** What PPO needs of the reward. */
export interface RewardModel {
  readonly model: FolderRef;
  readonly scale: RewardScale;
}

export interface RewardJobResult extends ClassifierJobResult, RewardModel {
  /** Rewards of the baseline's sentences. */
  readonly baselineRewards: RewardFigures;
  /** JSON list: the reward of each of them, in order. */
  readonly baselineScores: BlobRef;
}

export async function rewardJob(
  { sentences, settings, ...input }: RewardJobInput,
  context: JobContext,
): Promise<RewardJobResult> {
  const { scale: kind, ...training } = settings;
  const { result, trainTexts } = await trainOnLabels(
    { ...input, settings: training, purpose: 'not-negative-against-negative' },
    context,
  );
  const judge = { ...runtimeOf(settings), setting: 'reward.source' };
  return withTextScorer(context.store, result.model, judge, async (scorer) => {
    // The scale is fitted on what the classifier learned from, so that no measured sentence moves it.
    const scale = fitRewardScale(kind, await scorer.logits(trainTexts));
    const texts = (await getLines<ScoredSentence>(context.store, sentences)).map(({ text }) => text);
    const rewards = [...scaleRewards(scale, await scorer.logits(texts))];
    return {
      ...result,
      scale,
      baselineRewards: rewardSummary(rewards),
      baselineScores: await putJson(context.store, rewards),
    };
  });
}

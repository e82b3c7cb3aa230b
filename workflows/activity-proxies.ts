/** The activities as workflows see them: types only, each on the queue of the resource that it uses. */

import { proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { createBiasEvalActivities } from '../activities/bias-eval.js';
import type { createCleanActivities } from '../activities/clean.js';
import type { createCompareActivities } from '../activities/compare.js';
import type { createCrawlActivities } from '../activities/crawl.js';
import type { createExploreActivities } from '../activities/explore.js';
import type { createFinetuneActivities } from '../activities/finetune.js';
import type { createMeasureActivities } from '../activities/measure.js';
import type { createPpoActivities } from '../activities/ppo.js';
import type { createRewardActivities } from '../activities/reward.js';
import type { createSentimentActivities } from '../activities/sentiment.js';
import type { createVocabularyActivities } from '../activities/vocab-extend.js';
import type { Queues } from './queues.js';

type NetActivities = ReturnType<typeof createCrawlActivities>;
type CpuActivities = ReturnType<typeof createCleanActivities> &
  ReturnType<typeof createExploreActivities> &
  ReturnType<typeof createVocabularyActivities> &
  ReturnType<typeof createCompareActivities> &
  ReturnType<typeof createMeasureActivities>;
type ModelActivities = ReturnType<typeof createFinetuneActivities> &
  ReturnType<typeof createSentimentActivities> &
  ReturnType<typeof createBiasEvalActivities> &
  ReturnType<typeof createRewardActivities> &
  ReturnType<typeof createPpoActivities>;

const options: ActivityOptions = {
  // A worker beats once a second, so ten seconds of silence mean that it died.
  heartbeatTimeout: '10 seconds',
  // Longer than the longest fine-tuning; a job that hangs is found by its silence, not by this.
  startToCloseTimeout: '14 days',
  // Enough for an experiment of weeks on machines that are taken away, but with an end.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds', maximumAttempts: 50 },
};

/** Every activity of a study, routed to `queues`. */
export function studyActivities(queues: Queues) {
  return {
    net: proxyActivities<NetActivities>({ ...options, taskQueue: queues.net }),
    cpu: proxyActivities<CpuActivities>({ ...options, taskQueue: queues.cpu }),
    model: proxyActivities<ModelActivities>({ ...options, taskQueue: queues.model }),
  };
}

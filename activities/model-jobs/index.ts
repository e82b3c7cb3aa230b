/** The table of jobs: what a job process can be asked to do, by name. */

import { biasEvalJob } from './bias-eval.js';
import { classifierJob } from './classifier.js';
import { cleanJob } from './clean.js';
import { compareJob } from './compare.js';
import { deviceCheckJob } from './device-check.js';
import { exploreJob } from './explore.js';
import { finetuneJob } from './finetune.js';
import { measurementReportJob } from './measurement-report.js';
import { ppoJob } from './ppo.js';
import { reportJob } from './report.js';
import { rewardJob } from './reward.js';
import { vocabularyJob } from './vocab-extend.js';

export const modelJobs = {
  clean: cleanJob,
  explore: exploreJob,
  'vocab-extend': vocabularyJob,
  finetune: finetuneJob,
  classifier: classifierJob,
  'bias-eval': biasEvalJob,
  reward: rewardJob,
  ppo: ppoJob,
  compare: compareJob,
  'device-check': deviceCheckJob,
  report: reportJob,
  'measurement-report': measurementReportJob,
};

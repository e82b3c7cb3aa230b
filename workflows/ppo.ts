/** One sweep point: PPO from the fine-tuned model with its own settings and seed, then the same measurement as before. */

import type { BiasEvalJobResult } from '../activities/model-jobs/bias-eval.js';
import type { SweepPoint } from '../activities/study.js';
import type { PpoJobResult } from '../activities/model-jobs/ppo.js';
import type { PpoStageInput } from '../activities/ppo.js';
import { studyActivities } from './activity-proxies.js';
import type { StageProgress } from '../activities/stage-progress.js';
import type { Queues } from './queues.js';
import { StageList } from './stage-list.js';

export interface PpoWorkflowInput extends PpoStageInput {
  readonly queues: Queues;
}

export interface PpoWorkflowResult {
  readonly point: SweepPoint;
  readonly ppo: PpoJobResult;
  readonly bias: BiasEvalJobResult;
  readonly stages: readonly StageProgress[];
}

export async function ppoWorkflow(input: PpoWorkflowInput): Promise<PpoWorkflowResult> {
  const { queues, ...ppoInput } = input;
  const { study, point, reward, sentimentModel } = ppoInput;
  const { model } = studyActivities(queues);
  const [train, measure] = [`ppo ${point.label}`, `bias-eval ${point.label}`];
  const stages = new StageList([train, measure], point.label);
  const ppo = await stages.run(train, () => model.trainPpoPolicy(ppoInput));
  const bias = await stages.run(measure, () =>
    model.measureBias({ study, model: ppo.model, sentimentModel, reward, inSweep: true }),
  );
  return { point, ppo, bias, stages: stages.done() };
}

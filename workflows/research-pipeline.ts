/** The whole study, in order: each stage gets references to what earlier stages made, and the sweep runs in parallel. */

import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  executeChild,
  ParentClosePolicy,
  rootCause,
  workflowInfo,
} from '@temporalio/workflow';
import type { MissingPoint } from '../activities/study-results.js';
import type { ReportFiles } from '../activities/model-jobs/report-files.js';
import type { StudyInputs, SweepPoint } from '../activities/study.js';
import { studyActivities } from './activity-proxies.js';
import type { StageProgress } from '../activities/stage-progress.js';
import { ppoWorkflow, type PpoWorkflowInput, type PpoWorkflowResult } from './ppo.js';
import type { Queues } from './queues.js';
import { StageList } from './stage-list.js';

export interface PipelineInput {
  readonly runId: string;
  readonly study: StudyInputs;
  readonly points: readonly SweepPoint[];
  readonly queues: Queues;
}

export interface PipelineResult extends ReportFiles {
  readonly stages: readonly StageProgress[];
  readonly missing: readonly MissingPoint[];
}

/** Stages of the pipeline itself, in order; the sweep stands between reward and compare. */
const stageNames = [
  'crawl',
  'clean',
  'explore',
  'vocab-extend',
  'finetune',
  'sentiment',
  'bias-eval',
  'reward',
  'compare',
] as const;

export async function researchPipelineWorkflow(input: PipelineInput): Promise<PipelineResult> {
  const { runId, study, queues } = input;
  const { net, cpu, model } = studyActivities(queues);
  const stages = new StageList(stageNames);

  const crawl = await stages.run('crawl', () => net.crawlTexts({ study }));
  const clean = await stages.run('clean', () => cpu.cleanTexts({ study, records: crawl.records }));
  const explore = await stages.run('explore', () => cpu.exploreTexts({ study, texts: clean.texts }));
  const vocabulary = await stages.run('vocab-extend', () =>
    cpu.extendVocabulary({ study, texts: clean.texts, candidates: explore.candidates }),
  );
  const finetune = await stages.run('finetune', () =>
    model.finetuneModel({ study, model: vocabulary.model, texts: clean.texts }),
  );
  const sentiment = await stages.run('sentiment', () => model.trainSentimentClassifier({ study }));
  const baseline = await stages.run('bias-eval', () =>
    model.measureBias({ study, model: finetune.model, sentimentModel: sentiment.model, inSweep: false }),
  );
  const reward = await stages.run('reward', () => model.trainReward({ study, sentences: baseline.sentences }));

  const { members, missing } = await runSweep(stages, input, {
    model: finetune.model,
    texts: clean.texts,
    reward,
    sentimentModel: sentiment.model,
  });

  const made = { crawl, clean, explore, vocabulary, finetune, sentiment, baseline, reward, members, missing };
  const comparison = await stages.run('compare', () => cpu.compareRuns({ study, made }));

  const sweepStages = members.flatMap((member) => member.stages);
  const allStages = [
    ...stages.done().filter(({ name }) => name !== 'compare'),
    ...sweepStages,
    ...stages.done().filter(({ name }) => name === 'compare'),
  ];
  const files = await cpu.writeReport({ study, runId, made, comparison, stages: allStages });
  return { ...files, missing, stages: allStages };
}

type SweepInput = Pick<PpoWorkflowInput, 'model' | 'texts' | 'reward' | 'sentimentModel'>;

/** All sweep points as children in parallel. A point that fails is named and the others go on; if all fail, so does the study. */
async function runSweep(stages: StageList, { study, points, queues }: PipelineInput, shared: SweepInput) {
  const { workflowId } = workflowInfo();
  const settled = await Promise.allSettled(
    points.map((point) => {
      const childId = `${workflowId}/${point.id ?? `ppo-${point.epochs}-seed-${point.seed}`}`;
      stages.addChild(childId);
      return executeChild(ppoWorkflow, {
        workflowId: childId,
        args: [{ study, point, queues, ...shared }],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      });
    }),
  );
  // A cancelled study must end as cancelled, not as a study whose points are all missing.
  const failed = settled.find((outcome) => outcome.status === 'rejected');
  if (failed && CancellationScope.current().consideredCancelled) throw failed.reason;
  const members: PpoWorkflowResult[] = settled.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  const missing: MissingPoint[] = settled.flatMap((outcome, index) => {
    const point = points[index];
    return outcome.status === 'rejected' && point
      ? [{ ...point, reason: rootCause(outcome.reason) ?? String(outcome.reason) }]
      : [];
  });
  if (members.length === 0) {
    throw ApplicationFailure.nonRetryable(
      `every sweep point failed: ${missing.map(({ label, reason }) => `${label}: ${reason}`).join('; ')}`,
      'SweepFailedError',
    );
  }
  return { members, missing };
}

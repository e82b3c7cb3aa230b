/** A measurement alone: a classifier (trained, or given), a sentence for every probe, statistics and a report. */

import type { ReportFiles } from '../activities/model-jobs/report-files.js';
import type { StageProgress } from '../activities/stage-progress.js';
import type { MeasurementInputs } from '../activities/study.js';
import { studyActivities } from './activity-proxies.js';
import type { Queues } from './queues.js';
import { StageList } from './stage-list.js';

export interface MeasureInput {
  readonly runId: string;
  readonly study: MeasurementInputs;
  /** The command that was typed, for the report. */
  readonly command: string;
  readonly queues: Queues;
}

export interface MeasureResult extends ReportFiles {
  readonly stages: readonly StageProgress[];
}

export async function measureWorkflow({ runId, study, command, queues }: MeasureInput): Promise<MeasureResult> {
  const { cpu, model } = studyActivities(queues);
  const { classifier, ...measuring } = study;
  const stages = new StageList([...(classifier.kind === 'labels' ? ['sentiment'] : []), 'bias-eval', 'compare']);
  const judge =
    classifier.kind === 'labels'
      ? await stages.run('sentiment', () =>
          model.trainSentimentClassifier({ study: { ...measuring, sentimentLabels: classifier.labels } }),
        )
      : { model: classifier.model };
  const sentimentModel = judge.model;
  const baseline = await stages.run('bias-eval', () =>
    model.measureBias({ study: measuring, model: measuring.model, sentimentModel, inSweep: false }),
  );
  const comparison = await stages.run('compare', () => cpu.summariseMeasurement({ study: measuring, baseline }));
  const files = await cpu.writeMeasurement({
    runId,
    study: measuring,
    baseline,
    comparison,
    sentimentModel,
    command,
    stages: stages.done(),
    ...('quality' in judge ? { sentiment: judge } : {}),
  });
  return { ...files, stages: stages.done() };
}

/** Stage sentiment: trains the classifier that measures. It shares no text and no label with the reward. */

import { settingsInKey } from './classifier-key.js';
import type { ClassifierJobResult } from './model-jobs/classifier.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { readMeasuringConfig, trainingRuntime, type StudyInputs } from './study.js';

export interface SentimentInput {
  readonly study: Pick<StudyInputs, 'config' | 'model' | 'sentimentLabels' | 'sentimentStart'>;
}

export function createSentimentActivities(deps: StageDependencies) {
  return {
    async trainSentimentClassifier({ study }: SentimentInput): Promise<StageOutcome<ClassifierJobResult>> {
      const config = await readMeasuringConfig(deps.store, study);
      const settings = { ...config.sentiment, ...trainingRuntime(config) };
      const { model: tokenizer, sentimentStart: start } = study;
      const inputs = { labels: study.sentimentLabels, ...(start ? { start } : { tokenizer }) };
      const spec = { name: 'sentiment', version: 9, config: settingsInKey(settings, start), inputs };
      return runStage(deps, spec, (run) =>
        deps.jobs.run(
          'classifier',
          { stageKey: run.key, ...inputs, settings, purpose: 'positive-against-negative' },
          run,
        ),
      );
    },
  };
}

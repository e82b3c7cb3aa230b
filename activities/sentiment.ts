/** Stage sentiment: trains the classifier that measures. It shares no text and no label with the reward. */

import type { ClassifierJobResult } from './model-jobs/classifier.js';
import { runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { readStudyConfig, type StudyStageInput } from './study.js';

export function createSentimentActivities(deps: StageDependencies) {
  return {
    async trainSentimentClassifier({ study }: StudyStageInput): Promise<StageOutcome<ClassifierJobResult>> {
      const config = await readStudyConfig(deps.store, study);
      const settings = { ...config.sentiment, threads: config.compute.threads };
      const inputs = { labels: study.sentimentLabels, tokenizer: study.model };
      return runStage(deps, { name: 'sentiment', version: 2, config: settings, inputs }, (run) =>
        deps.jobs.run(
          'classifier',
          { stageKey: run.key, ...inputs, settings, purpose: 'positive-against-negative' },
          run,
        ),
      );
    },
  };
}

/** The stages before the sweep, in order: each gets references to what earlier ones made. */

import type { UpstreamResults } from '../activities/study-results.js';
import type { StudyInputs } from '../activities/study.js';
import { studyActivities } from './activity-proxies.js';
import type { Queues } from './queues.js';
import type { StageList } from './stage-list.js';

export const upstreamStages = [
  'crawl',
  'clean',
  'explore',
  'vocab-extend',
  'finetune',
  'sentiment',
  'bias-eval',
  'reward',
] as const;

export type UpstreamStage = (typeof upstreamStages)[number];

/** @param nameOf what a stage is called in the list */
export async function runUpstream(
  stages: StageList,
  study: StudyInputs,
  queues: Queues,
  nameOf: (stage: UpstreamStage) => string = (stage) => stage,
): Promise<UpstreamResults> {
  const { net, cpu, model } = studyActivities(queues);
  const crawl = await stages.run(nameOf('crawl'), () => net.crawlTexts({ study }));
  const clean = await stages.run(nameOf('clean'), () => cpu.cleanTexts({ study, records: crawl.records }));
  const explore = await stages.run(nameOf('explore'), () => cpu.exploreTexts({ study, texts: clean.texts }));
  const vocabulary = await stages.run(nameOf('vocab-extend'), () =>
    cpu.extendVocabulary({ study, texts: clean.texts, candidates: explore.candidates }),
  );
  const finetune = await stages.run(nameOf('finetune'), () =>
    model.finetuneModel({ study, model: vocabulary.model, texts: clean.texts }),
  );
  const sentiment = await stages.run(nameOf('sentiment'), () => model.trainSentimentClassifier({ study }));
  const baseline = await stages.run(nameOf('bias-eval'), () =>
    model.measureBias({ study, model: finetune.model, sentimentModel: sentiment.model, inSweep: false }),
  );
  const reward = await stages.run(nameOf('reward'), () => model.trainReward({ study, sentences: baseline.sentences }));
  return { crawl, clean, explore, vocabulary, finetune, sentiment, baseline, reward };
}

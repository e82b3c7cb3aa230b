/** Reads every file that a configuration names, checks it, and puts it into the store: from here on a study is references. */

import { basename } from 'node:path';
import type { StudyConfig } from '../config/schema.js';
import { parseMap, parseReference, parseTargets, parseTextLines } from '../config/study-data.js';
import { canonicalJson, sha256OfJson, type Store } from '../core/checkpoint/index.js';
import type { Gpt2Config } from '../core/nn/index.js';
import { formatRecords } from '../core/text/records.js';
import type { BadRow } from '../core/text/row-files.js';
import { readTexts } from '../core/text/text-files.js';
import { checkTextLength, TextLengthError } from '../activities/model-jobs/text-length.js';
import type { StudyInputs } from '../activities/study.js';
import { putAnalyserModel } from './analyser-model.js';
import { checkDesign, checkPrompts } from './check-prompts.js';
import { putRewardStart, putSentimentStart, withoutSource } from './classifier-start.js';
import { putMeasures, withoutPaths } from './prepare-measures.js';
import { putLabels } from './put-labels.js';
import { putLanguageModel, type FetchModel } from './put-model.js';
import { putChecked, readDataFile } from './read-data-file.js';
import { namedAxes } from './sweep-points.js';

/** Everything but paths: what the study does, wherever its files lie. */
function portable(config: StudyConfig): StudyConfig {
  const { source } = config.crawl;
  const data = {
    targets: 'targets',
    prompts: 'prompts',
    generalText: 'generalText',
    rewardLabels: 'rewardLabels',
    sentimentLabels: 'sentimentLabels',
    skipBadRows: false,
  };
  return {
    ...config,
    data,
    model: { source: 'model' },
    sentiment: withoutSource(config.sentiment),
    reward: withoutSource(config.reward),
    explore: { ...config.explore, ...(config.explore.kiwiModel === undefined ? {} : { kiwiModel: 'kiwiModel' }) },
    biasEval: withoutPaths(config.biasEval),
    sweep: namedAxes(config.sweep),
    crawl: {
      ...config.crawl,
      source: source.kind === 'files' ? { ...source, files: source.files.map((file) => basename(file)) } : source,
    },
  };
}

/** The malformed rows that were left out, where there were any. */
export async function putSkipped(store: Store, rows: readonly BadRow[]): Promise<Pick<StudyInputs, 'skippedLabels'>> {
  if (rows.length === 0) return {};
  return { skippedLabels: { rows: await store.putBlob(formatRecords(rows)), count: rows.length } };
}

/** The shortest prompt is one token; what a real one takes is known once the vocabulary is extended. */
function checkLengths(model: Gpt2Config, { biasEval, ppo }: StudyConfig): void {
  const promptTokens = 1;
  checkTextLength('biasEval.newTokens', model, { promptTokens, newTokens: biasEval.newTokens });
  // PPO reads the last token of a response as well.
  const room = model.numPositions - promptTokens;
  if (ppo.responseTokens > room)
    throw new TextLengthError('ppo.responseTokens', room, model, promptTokens, ppo.responseTokens);
}

/**
 * @param fetchModel gives the folder of a model named `hf://…`
 * @param onSkipped hears of malformed rows that are left out
 * @throws DataFileError with file and line @throws ModelNotFoundError @throws BadRowError
 */
export async function prepareStudy(
  store: Store,
  config: StudyConfig,
  fetchModel: FetchModel,
  onSkipped: (rows: readonly BadRow[]) => void = () => {},
): Promise<StudyInputs> {
  const { data, crawl } = config;
  const named = { source: config.model.source, setting: 'model.source' };
  const { ref: model, opened } = await putLanguageModel(store, named, fetchModel);
  checkLengths(opened.config, config);
  const texts = [];
  const { skipped, ...labels } = await putLabels(store, data);
  onSkipped(skipped);
  for (const file of crawl.source.kind === 'files' ? crawl.source.files : []) {
    const bytes = readDataFile(file, 'crawl.source.files');
    const skipBadRows = crawl.source.kind === 'files' && crawl.source.skipBadRows;
    onSkipped(readTexts(bytes, { file, skipBadRows }).skipped);
    texts.push(await store.putBlob(bytes));
  }
  return {
    config: await store.putBlob(Buffer.from(canonicalJson(portable(config)))),
    targets: await putChecked(store, data.targets, 'data.targets', parseTargets),
    prompts: await putChecked(store, data.prompts, 'data.prompts', (text, file) =>
      checkDesign(checkPrompts(text, file), file, config.biasEval.repetitions),
    ),
    generalText: await putChecked(store, data.generalText, 'data.generalText', parseTextLines),
    ...labels,
    model,
    ...(await putSentimentStart(store, config.sentiment, fetchModel)),
    ...(await putRewardStart(store, config.reward, fetchModel)),
    texts,
    ...(await putSkipped(store, skipped)),
    ...(await putAnalyserModel(store, config.explore)),
    ...(await putMeasures(store, config.biasEval.measures, fetchModel)),
    ...(data.reference ? { reference: await putChecked(store, data.reference, 'data.reference', parseReference) } : {}),
    ...(data.map ? { map: await putChecked(store, data.map, 'data.map', parseMap) } : {}),
  };
}

/** The name under which the same study is found again: preset and digest of all that its groups start from. */
export function defaultRunId(config: StudyConfig, studies: readonly StudyInputs[]): string {
  const [only, ...others] = studies;
  return `${config.name}-${sha256OfJson(only && others.length === 0 ? only : studies).slice(0, 8)}`;
}

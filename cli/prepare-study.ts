/** Reads every file that a configuration names, checks it, and puts it into the store: from here on a study is references. */

import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DataFileError } from '../config/errors.js';
import type { StudyConfig } from '../config/schema.js';
import {
  parseLabelledTexts,
  parseMap,
  parseReference,
  parseTargets,
  parseTextLines,
} from '../config/study-data.js';
import { canonicalJson, putFolder, sha256OfJson, type Store } from '../core/checkpoint/index.js';
import { readTexts, type BadRow } from '../core/text/text-files.js';
import type { StudyInputs } from '../activities/study.js';
import { isHubSource } from '../infra/hub/source.js';
import { putAnalyserModel } from './analyser-model.js';
import { checkPrompts } from './check-prompts.js';
import { readModelFolder } from './model-folder.js';
import { splitLabels } from './split-labels.js';

export function readDataFile(file: string, setting: string): Buffer {
  if (!existsSync(file))
    throw new DataFileError(
      file,
      `${setting} names this file, but it is not there; place it, or name another with -S ${setting}=FILE`,
    );
  return readFileSync(file);
}

/** Puts a file after a check that throws when it is malformed. */
export async function putChecked(
  store: Store,
  file: string,
  setting: string,
  check: (text: string, file: string) => unknown,
) {
  const bytes = readDataFile(file, setting);
  check(bytes.toString('utf8'), file);
  return store.putBlob(bytes);
}

/** Everything but paths: what the study does, wherever its files lie. */
function portable(config: StudyConfig): StudyConfig {
  const { source } = config.crawl;
  const data = {
    targets: 'targets',
    prompts: 'prompts',
    generalText: 'generalText',
    rewardLabels: 'rewardLabels',
    sentimentLabels: 'sentimentLabels',
  };
  return {
    ...config,
    data,
    model: { source: 'model' },
    explore: { ...config.explore, ...(config.explore.kiwiModel === undefined ? {} : { kiwiModel: 'kiwiModel' }) },
    crawl: {
      ...config.crawl,
      source: source.kind === 'files' ? { ...source, files: source.files.map((file) => basename(file)) } : source,
    },
  };
}

/** Both sets of labels; one file that is named for both is split in halves. */
async function putLabels(store: Store, data: StudyConfig['data']) {
  if (data.rewardLabels !== data.sentimentLabels)
    return {
      rewardLabels: await putChecked(store, data.rewardLabels, 'data.rewardLabels', parseLabelledTexts),
      sentimentLabels: await putChecked(store, data.sentimentLabels, 'data.sentimentLabels', parseLabelledTexts),
    };
  const halves = await splitLabels(readDataFile(data.rewardLabels, 'data.rewardLabels'), data.rewardLabels);
  return {
    rewardLabels: await store.putBlob(halves.rewardLabels),
    sentimentLabels: await store.putBlob(halves.sentimentLabels),
  };
}

/**
 * @param fetchModel gives the folder of a model named `hf://…`
 * @param onSkipped hears of malformed rows that are left out
 * @throws DataFileError with file and line @throws ModelNotFoundError @throws BadRowError
 */
export async function prepareStudy(
  store: Store,
  config: StudyConfig,
  fetchModel: (source: string) => Promise<string>,
  onSkipped: (rows: readonly BadRow[]) => void = () => {},
): Promise<StudyInputs> {
  const { data, crawl } = config;
  const source = config.model.source;
  const folder = isHubSource(source) ? await fetchModel(source) : source;
  const model = await putFolder(store, readModelFolder(folder));
  const texts = [];
  for (const file of crawl.source.kind === 'files' ? crawl.source.files : []) {
    const bytes = readDataFile(file, 'crawl.source.files');
    const skipBadRows = crawl.source.kind === 'files' && crawl.source.skipBadRows;
    onSkipped(readTexts(bytes, { file, skipBadRows }).skipped);
    texts.push(await store.putBlob(bytes));
  }
  return {
    config: await store.putBlob(Buffer.from(canonicalJson(portable(config)))),
    targets: await putChecked(store, data.targets, 'data.targets', parseTargets),
    prompts: await putChecked(store, data.prompts, 'data.prompts', checkPrompts),
    generalText: await putChecked(store, data.generalText, 'data.generalText', parseTextLines),
    ...(await putLabels(store, data)),
    model,
    texts,
    ...(await putAnalyserModel(store, config.explore)),
    ...(data.reference ? { reference: await putChecked(store, data.reference, 'data.reference', parseReference) } : {}),
    ...(data.map ? { map: await putChecked(store, data.map, 'data.map', parseMap) } : {}),
  };
}

/** The name under which the same study is found again: preset and digest of all that it starts from. */
export function defaultRunId(config: StudyConfig, study: StudyInputs): string {
  return `${config.name}-${sha256OfJson(study).slice(0, 8)}`;
}

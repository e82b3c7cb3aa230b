/** The BERTs that a study's classifiers start from, put into the store. Trains nothing. */

import type { StudyInputs } from '../activities/study.js';
import type { StudyConfig } from '../config/schema.js';
import { putFolder, type FolderRef, type Store } from '../core/checkpoint/index.js';
import { parseBertConfig } from '../core/nn/index.js';
import { isHubSource } from '../infra/hub/source.js';
import { readModelFolder } from './model-folder.js';

/** Gives the folder of a model named `hf://…`. */
export type FetchModel = (source: string) => Promise<string>;

export async function folderOf(source: string, fetchModel: FetchModel): Promise<string> {
  return isHubSource(source) ? fetchModel(source) : source;
}

/** @throws ModelNotFoundError @throws ModelConfigError when it is no BERT */
async function putBert(store: Store, source: string, setting: string, fetchModel: FetchModel): Promise<FolderRef> {
  const files = readModelFolder(await folderOf(source, fetchModel), setting);
  parseBertConfig(JSON.parse(Buffer.from(files['config.json'] ?? []).toString('utf8')));
  return putFolder(store, files);
}

export async function putSentimentStart(
  store: Store,
  { source }: StudyConfig['sentiment'],
  fetchModel: FetchModel,
): Promise<Pick<StudyInputs, 'sentimentStart'>> {
  return source === undefined ? {} : { sentimentStart: await putBert(store, source, 'sentiment.source', fetchModel) };
}

export async function putRewardStart(
  store: Store,
  { source }: StudyConfig['reward'],
  fetchModel: FetchModel,
): Promise<Pick<StudyInputs, 'rewardStart'>> {
  return source === undefined ? {} : { rewardStart: await putBert(store, source, 'reward.source', fetchModel) };
}

/** A classifier's settings without the path: the folder is an input of its own. */
export function withoutSource<T extends { readonly source?: string }>({
  source: _path,
  ...rest
}: T): Omit<T, 'source'> {
  return rest;
}

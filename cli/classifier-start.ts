/** The BERTs that a study's classifiers start from, put into the store. Trains nothing. */

import type { StudyInputs } from '../activities/study.js';
import type { StudyConfig } from '../config/schema.js';
import type { Store } from '../core/checkpoint/index.js';
import { putBertStart, type FetchModel } from './put-model.js';

export async function putSentimentStart(
  store: Store,
  { source }: StudyConfig['sentiment'],
  fetchModel: FetchModel,
): Promise<Pick<StudyInputs, 'sentimentStart'>> {
  return source === undefined
    ? {}
    : { sentimentStart: await putBertStart(store, source, 'positive-against-negative', fetchModel) };
}

export async function putRewardStart(
  store: Store,
  { source }: StudyConfig['reward'],
  fetchModel: FetchModel,
): Promise<Pick<StudyInputs, 'rewardStart'>> {
  return source === undefined
    ? {}
    : { rewardStart: await putBertStart(store, source, 'not-negative-against-negative', fetchModel) };
}

/** A classifier's settings without the path: the folder is an input of its own. */
export function withoutSource<T extends { readonly source?: string }>({
  source: _path,
  ...rest
}: T): Omit<T, 'source'> {
  return rest;
}

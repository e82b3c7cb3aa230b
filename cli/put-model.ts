/** Models that a study or a measurement names: fetched, opened whole before anything runs, and put into the store. Trains nothing. */

import { purposes, startOf } from '../activities/model-jobs/classifier-start.js';
import {
  classifierOf,
  configJsonOf,
  languageModelOf,
  type Classifier,
  type LanguageModel,
  type ModelFiles,
} from '../activities/model-jobs/models.js';
import { putFolder, type FolderRef, type Store } from '../core/checkpoint/index.js';
import { labelNames, ModelConfigError } from '../core/nn/index.js';
import { isHubSource } from '../infra/hub/source.js';
import { inFolder, readModelFolder } from './model-folder.js';

/** Gives the folder of a model named `hf://…`. */
export type FetchModel = (source: string) => Promise<string>;

/** A model as a person names it. */
export interface NamedModel {
  /** A folder, or `hf://ORGANISATION/NAME@REVISION`. */
  readonly source: string;
  /** That names it: `model.source`, or an option. */
  readonly setting: string;
}

interface PutModel<T> {
  readonly ref: FolderRef;
  readonly opened: T;
}

/** What opens here opens in every stage, so that a study does not fail on its files hours after it began. */
async function putModel<T>(
  store: Store,
  { source, setting }: NamedModel,
  fetchModel: FetchModel,
  open: (files: ModelFiles) => T,
): Promise<PutModel<T>> {
  const folder = isHubSource(source) ? await fetchModel(source) : source;
  const files = readModelFolder(folder, setting);
  const opened = inFolder(folder, setting, () => open(files));
  return { ref: await putFolder(store, files), opened };
}

/** A GPT-2. @throws ModelNotFoundError @throws ModelFolderError */
export function putLanguageModel(
  store: Store,
  named: NamedModel,
  fetchModel: FetchModel,
): Promise<PutModel<LanguageModel>> {
  return putModel(store, named, fetchModel, languageModelOf);
}

/** A BERT that a classifier's training starts from. @throws as `putLanguageModel` */
export async function putBertStart(
  store: Store,
  source: string,
  purpose: keyof typeof purposes,
  fetchModel: FetchModel,
): Promise<FolderRef> {
  const { setting } = purposes[purpose];
  const { ref } = await putModel(store, { source, setting }, fetchModel, (files) =>
    startOf(files, { seed: 0 }, purposes[purpose]),
  );
  return ref;
}

/**
 * The last of two classes is taken for the good one; another order or number would turn every score into nonsense.
 * @throws ModelConfigError
 */
function checkClasses(files: ModelFiles): void {
  const names = labelNames(configJsonOf(files));
  if (names.length === 2 && !/neg|bad|부정/i.test(names[1] ?? '')) return;
  const got = names.length === 0 ? 'none' : names.join(', ');
  throw new ModelConfigError('id2label', 'two classes, negative and then positive', got);
}

/** A classifier that is used as it is; its last class is the good one. @throws as `putLanguageModel` */
export async function putTrainedClassifier(
  store: Store,
  named: NamedModel,
  fetchModel: FetchModel,
): Promise<FolderRef> {
  const { ref } = await putModel(store, named, fetchModel, (files): Classifier => {
    checkClasses(files);
    return classifierOf(files, named.setting);
  });
  return ref;
}

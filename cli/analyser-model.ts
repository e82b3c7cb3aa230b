/** Puts the files of a chosen morphological analyser into the store, after a look whether they and its package are there. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StudyInputs } from '../activities/study.js';
import { findKiwi, KIWI_MORPHEMES, KiwiUnavailableError } from '../activities/model-jobs/kiwi-analyser.js';
import type { StudyConfig } from '../config/schema.js';
import { putFolder, type Store } from '../core/checkpoint/index.js';

/** Of a Python package's folder the model's files alone. */
const isModelFile = (name: string): boolean => /\.(mdl|dict|morph|knlm|txt)$/.test(name);

/** Nothing for the statistics, which need no files. @throws KiwiUnavailableError */
export async function putAnalyserModel(
  store: Store,
  { analyser, kiwiModel }: StudyConfig['explore'],
): Promise<Pick<StudyInputs, 'analyserModel'>> {
  if (analyser !== 'kiwi' || kiwiModel === undefined) return {};
  findKiwi();
  const names = existsSync(kiwiModel) ? readdirSync(kiwiModel).filter(isModelFile) : [];
  if (!names.includes(KIWI_MORPHEMES))
    throw new KiwiUnavailableError(`${KIWI_MORPHEMES} in ${kiwiModel}`, names.join(', ') || 'no file of a model');
  return {
    analyserModel: await putFolder(
      store,
      Object.fromEntries(names.map((name) => [name, readFileSync(join(kiwiModel, name))])),
    ),
  };
}

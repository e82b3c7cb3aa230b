/** Puts the measures that a configuration names beside its classifier into the store. */

import type { StudyConfig } from '../config/schema.js';
import { parseSentimentWords } from '../config/study-data.js';
import { putFolder, type Store } from '../core/checkpoint/index.js';
import type { MeasureInput, MeasuringInputs } from '../activities/study.js';
import { checkClassifier } from './check-classifier.js';
import { readModelFolder } from './model-folder.js';
import { putChecked } from './read-data-file.js';

type Measures = StudyConfig['biasEval']['measures'];

const SETTING = 'biasEval.measures';

/** @throws DataFileError @throws ModelNotFoundError */
export async function putMeasures(store: Store, measures: Measures): Promise<Pick<MeasuringInputs, 'measures'>> {
  if (measures.length === 0) return {};
  return { measures: await Promise.all(measures.map((measure) => putMeasure(store, measure))) };
}

async function putMeasure(store: Store, { name, kind, source }: Measures[number]): Promise<MeasureInput> {
  if (kind === 'lexicon') return { name, kind, words: await putChecked(store, source, SETTING, parseSentimentWords) };
  const model = await putFolder(store, readModelFolder(source));
  checkClassifier(source, SETTING);
  return { name, kind, model };
}

/** The same settings wherever the measures' files lie. */
export function withoutPaths(biasEval: StudyConfig['biasEval']): StudyConfig['biasEval'] {
  return { ...biasEval, measures: biasEval.measures.map((measure) => ({ ...measure, source: measure.name })) };
}

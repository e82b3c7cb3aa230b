/** Puts the measures that a configuration names beside its classifier into the store. */

import type { StudyConfig } from '../config/schema.js';
import { parseSentimentWords } from '../config/study-data.js';
import type { Store } from '../core/checkpoint/index.js';
import type { MeasureInput, MeasuringInputs } from '../activities/study.js';
import { putTrainedClassifier, type FetchModel } from './put-model.js';
import { putChecked } from './read-data-file.js';

type Measures = StudyConfig['biasEval']['measures'];

const SETTING = 'biasEval.measures';

/**
 * @param fetchModel gives the folder of a classifier named `hf://…`
 * @throws DataFileError @throws ModelNotFoundError
 */
export async function putMeasures(
  store: Store,
  measures: Measures,
  fetchModel: FetchModel,
): Promise<Pick<MeasuringInputs, 'measures'>> {
  if (measures.length === 0) return {};
  const put: MeasureInput[] = [];
  for (const measure of measures) put.push(await putMeasure(store, measure, fetchModel));
  return { measures: put };
}

async function putMeasure(
  store: Store,
  { name, kind, source }: Measures[number],
  fetchModel: FetchModel,
): Promise<MeasureInput> {
  if (kind === 'lexicon') return { name, kind, words: await putChecked(store, source, SETTING, parseSentimentWords) };
  return { name, kind, model: await putTrainedClassifier(store, { source, setting: SETTING }, fetchModel) };
}

/** The same settings wherever the measures' files lie. */
export function withoutPaths(biasEval: StudyConfig['biasEval']): StudyConfig['biasEval'] {
  return { ...biasEval, measures: biasEval.measures.map((measure) => ({ ...measure, source: measure.name })) };
}

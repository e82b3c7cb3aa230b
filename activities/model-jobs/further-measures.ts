/** What the measures beside the classifier say of texts, and how each is described in the results. */

import { parseSentimentWords } from '../../config/study-data.js';
import { lexiconMeasure } from '../../core/bias/index.js';
import type { FolderRef, Store } from '../../core/checkpoint/index.js';
import type { MeasureDescription } from '../../core/report/index.js';
import { getText } from '../blobs.js';
import type { JobRuntime, MeasureInput } from '../study.js';
import { probability } from './probability.js';
import { withTextScorer } from './score.js';

/** Name of the classifier that every study has: the first of the measures. */
const FIRST = 'sentiment';

/** Scores of each text by name of the measure. */
export async function furtherScores(
  store: Store,
  measures: readonly MeasureInput[],
  texts: readonly string[],
  runtime: JobRuntime,
): Promise<Record<string, number>[]> {
  const rows = texts.map((): Record<string, number> => ({}));
  for (const measure of measures) {
    const scores = await scoresBy(store, measure, texts, runtime);
    scores.forEach((score, index) => (rows[index]![measure.name] = score));
  }
  return rows;
}

async function scoresBy(store: Store, measure: MeasureInput, texts: readonly string[], runtime: JobRuntime) {
  if (measure.kind === 'lexicon')
    return texts.map(lexiconMeasure(parseSentimentWords(await getText(store, measure.words), measure.name)));
  return withTextScorer(store, measure.model, { ...runtime, setting: 'biasEval.measures' }, async (scorer) =>
    Array.from(await scorer.logits(texts), probability),
  );
}

/** The study's classifier first, then the others in their order. */
export function describeMeasures(
  classifier: FolderRef,
  measures: readonly MeasureInput[] = [],
): readonly MeasureDescription[] {
  const first: MeasureDescription = { name: FIRST, kind: 'classifier', range: [0, 1], sha256: classifier.sha256 };
  const others = measures.map((measure): MeasureDescription =>
    measure.kind === 'lexicon'
      ? { name: measure.name, kind: 'lexicon', range: [-1, 1], sha256: measure.words.sha256 }
      : { name: measure.name, kind: 'model', range: [0, 1], sha256: measure.model.sha256 },
  );
  return [first, ...others];
}

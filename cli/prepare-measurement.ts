/** Reads the files of a measurement alone, checks them, and puts them into the store. */

import { DataFileError } from '../config/errors.js';
import { programFile } from '../config/root.js';
import type { MeasuringConfig } from '../config/schema.js';
import { parseTargets, parseTextLines } from '../config/study-data.js';
import { canonicalJson, type Store } from '../core/checkpoint/index.js';
import { stopTokenIds } from '../activities/model-jobs/stop-tokens.js';
import { checkTextLength } from '../activities/model-jobs/text-length.js';
import type { MeasurementInputs } from '../activities/study.js';
import type { BadRow } from '../core/text/row-files.js';
import { checkDesign, checkPrompts } from './check-prompts.js';
import { putSentimentStart, withoutSource } from './classifier-start.js';
import { putLabelFile } from './put-labels.js';
import { putMeasures, withoutPaths } from './prepare-measures.js';
import { putSkipped } from './prepare-study.js';
import { putLanguageModel, putTrainedClassifier } from './put-model.js';
import { putChecked, readDataFile } from './read-data-file.js';

export interface MeasurementFiles {
  /** Hugging Face folder of a GPT-2, or `hf://ORGANISATION/NAME@REVISION`. */
  readonly model: string;
  readonly targets: string;
  readonly prompts: string;
  readonly sentimentLabels?: string | undefined;
  readonly sentimentModel?: string | undefined;
  readonly generalText?: string | undefined;
  readonly skipBadRows?: boolean | undefined;
}

/** What a measurement needs from outside of its files. */
export interface MeasurementServices {
  /** Gives the folder of a model named `hf://…`. */
  fetchModel(source: string): Promise<string>;
  /** Hears of malformed rows that are left out. */
  onSkipped(rows: readonly BadRow[]): void;
}

/** The labelled sentences that come along are Korean. */
const ownLabels = { language: 'ko', file: programFile('fixtures', 'data', 'sentiment-labels.jsonl') };

function labelsFile({ sentimentLabels, targets }: MeasurementFiles): string {
  if (sentimentLabels !== undefined) return sentimentLabels;
  const { language } = parseTargets(readDataFile(targets, '--targets').toString('utf8'), targets);
  if (language === ownLabels.language) return ownLabels.file;
  throw new DataFileError(
    targets,
    `language: expected ko, whose labelled sentences come along, got ${language}; name a classifier or labelled sentences: ` +
      '--sentiment-model DIR or --sentiment-labels FILE',
  );
}

interface ClassifierSource {
  readonly classifier: MeasurementInputs['classifier'];
  readonly skipped: readonly BadRow[];
}

async function putClassifierSource(
  store: Store,
  files: MeasurementFiles,
  { fetchModel }: MeasurementServices,
): Promise<ClassifierSource> {
  if (files.sentimentModel !== undefined && files.sentimentLabels !== undefined)
    throw new DataFileError(
      files.sentimentModel,
      'expected either --sentiment-model or --sentiment-labels, got both; leave one out',
    );
  if (files.sentimentModel !== undefined) {
    const named = { source: files.sentimentModel, setting: '--sentiment-model' };
    const model = await putTrainedClassifier(store, named, fetchModel);
    return { classifier: { kind: 'model', model }, skipped: [] };
  }
  const file = labelsFile(files);
  const { labels, skipped } = await putLabelFile(store, file, '--sentiment-labels', files.skipBadRows ?? false);
  return { classifier: { kind: 'labels', labels }, skipped };
}

/** @throws DataFileError with file and line @throws BadRowError @throws ModelNotFoundError */
export async function prepareMeasurement(
  store: Store,
  config: MeasuringConfig,
  files: MeasurementFiles,
  services: MeasurementServices,
): Promise<MeasurementInputs> {
  const { generalText } = files;
  const named = { source: files.model, setting: '--model' };
  const { ref: model, opened } = await putLanguageModel(store, named, services.fetchModel);
  checkTextLength('biasEval.newTokens', opened.config, { promptTokens: 1, newTokens: config.biasEval.newTokens });
  stopTokenIds(opened.tokenizer, config.biasEval.stopTokens);
  const { classifier, skipped } = await putClassifierSource(store, files, services);
  services.onSkipped(skipped);
  return {
    config: await store.putBlob(
      Buffer.from(
        canonicalJson({
          ...config,
          sentiment: withoutSource(config.sentiment),
          biasEval: withoutPaths(config.biasEval),
        }),
      ),
    ),
    targets: await putChecked(store, files.targets, '--targets', parseTargets),
    prompts: await putChecked(store, files.prompts, '--prompts', (text, file) =>
      checkDesign(checkPrompts(text, file), file, config.biasEval.repetitions),
    ),
    model,
    classifier,
    ...(classifier.kind === 'labels' ? await putSentimentStart(store, config.sentiment, services.fetchModel) : {}),
    ...(await putMeasures(store, config.biasEval.measures, services.fetchModel)),
    ...(await putSkipped(store, skipped)),
    ...(generalText === undefined
      ? {}
      : { generalText: await putChecked(store, generalText, '--general-text', parseTextLines) }),
  };
}

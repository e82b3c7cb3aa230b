/** Job classifier: trains a small BERT on labelled sentences; the measuring classifier and the reward share it. */

import type { StudyConfig } from '../../config/schema.js';
import { parseLabelledTexts } from '../../config/study-data.js';
import { classifierQuality, type ClassifierQuality } from '../../core/bias/index.js';
import type { BlobRef, FolderRef } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import type { BertConfig, Parameters } from '../../core/nn/index.js';
import type { TextTokenizer } from '../../core/text/tokenizer.js';
import { heldOutSplit } from '../../core/text/held-out-split.js';
import { trainClassifier } from '../../core/train/classifier.js';
import { classify } from '../../core/train/classifier-scores.js';
import { getText, putJson } from '../blobs.js';
import { runtimeOf, trainingRuntimeOf, type JobRuntime, type TrainingRuntime } from '../study.js';
import { openClassifierStart, purposes, type ClassifierStart, type Purpose } from './classifier-start.js';
import { EmptyStageError } from './empty-stage.js';
import { lossCurve } from './finetune.js';
import { curveRow, learningCurve, type LearningCurve } from './learning-curve.js';
import { putClassifier } from './models.js';
import { probability } from './probability.js';
import { openJobCheckpoints } from './training-checkpoints.js';
import { trainingStateCodec } from './training-state.js';

export interface ClassifierJobInput extends ClassifierStart {
  readonly stageKey: string;
  readonly labels: BlobRef;
  readonly settings: StudyConfig['sentiment'] & TrainingRuntime;
  readonly purpose: keyof typeof purposes;
}

export interface ClassifierJobResult {
  readonly model: FolderRef;
  /** On the held-out sentences. */
  readonly quality: ClassifierQuality & { readonly classes: readonly string[] };
  readonly trained: number;
  /** Labelled sentences that have a near duplicate; these stand on one side of the split together. */
  readonly nearDuplicates: number;
  /** JSON of loss by step. */
  readonly curve: BlobRef;
  /** By the number of sentences learned from, where shares were asked for; the last row is the classifier itself. */
  readonly learningCurve?: LearningCurve;
}

export interface TrainedClassifier {
  readonly result: ClassifierJobResult;
  /** Sentences that it learned from. */
  readonly trainTexts: readonly string[];
}

/** Token ids between the start token, from which the classifier reads its answer, and the separator; BERT's own names first. */
export function classifierTokens(tokenizer: TextTokenizer, text: string): number[] {
  const { bos, eos } = tokenizer.specials;
  const start = tokenizer.tokenToId('[CLS]') ?? bos ?? eos ?? 0;
  const separator = tokenizer.tokenToId('[SEP]') ?? eos ?? bos ?? 0;
  return [start, ...tokenizer.encode(text), separator];
}

interface LabelledRow {
  readonly text: string;
  readonly target: number;
}

async function readRows(
  input: ClassifierJobInput,
  { store }: JobContext,
  { classOf }: Purpose,
): Promise<LabelledRow[]> {
  return parseLabelledTexts(await getText(store, input.labels), 'labelled sentences').flatMap(({ text, label }) => {
    const target = classOf[label];
    return target === undefined ? [] : [{ text, target }];
  });
}

/** How the trained classifier judges sentences that it did not learn from. */
async function judge(
  config: BertConfig,
  params: Parameters,
  tokenizer: TextTokenizer,
  rows: readonly LabelledRow[],
  runtime: JobRuntime,
): Promise<ClassifierQuality> {
  const texts = rows.map(({ text }) => classifierTokens(tokenizer, text));
  const { data } = await classify(config, params, texts, {
    batchSize: 64,
    maxTokens: config.numPositions,
    ...runtime,
  }); // [texts, 2]
  return classifierQuality(
    rows.map(({ text, target }, i) => ({
      probability: probability((data[2 * i + 1] ?? 0) - (data[2 * i] ?? 0)),
      label: target,
      length: Array.from(text).length,
    })),
  );
}

/** As the trainer names them. */
function trainingSettings(settings: ClassifierJobInput['settings']) {
  return {
    epochs: settings.epochs,
    batchSize: settings.batchSize,
    maxTokens: settings.maxTokens,
    peakLr: settings.learningRate,
    warmupSteps: settings.warmupSteps,
    weightDecay: settings.weightDecay,
    patience: settings.patience,
    evaluateEvery: 0,
    keepBest: true,
    dropout: settings.dropout,
    accumulationSteps: settings.accumulationSteps,
    recompute: settings.recompute,
    seed: settings.seed,
    ...trainingRuntimeOf(settings),
  };
}

export async function trainOnLabels(input: ClassifierJobInput, context: JobContext): Promise<TrainedClassifier> {
  const { store, progress } = context;
  const { settings, purpose } = input;
  const runtime = runtimeOf(settings);
  const taught: Purpose = purposes[purpose];
  const { config, params, tokenizer, files } = await openClassifierStart(store, input, settings, taught);
  const rows = await readRows(input, context, taught);
  const texts = rows.map(({ text }) => text);
  const labels = rows.map(({ target }) => target);
  const split = await heldOutSplit(texts, labels, { share: settings.validationShare, seed: settings.seed });
  const held = split.validation.flatMap((index) => rows[index] ?? []);
  if (held.length === 0)
    throw new EmptyStageError(
      purpose,
      'labelled sentences to hold out',
      `none of ${rows.length} without a near duplicate`,
    );
  const checkpoints = await openJobCheckpoints(input.stageKey, runtime, context);
  const resumeFrom = trainingStateCodec.decode(await checkpoints.newest());
  const training = {
    config,
    params,
    texts: texts.map((text) => classifierTokens(tokenizer, text)),
    labels,
    settings: trainingSettings(settings),
  };
  const result = await trainClassifier({
    ...training,
    validation: split.validation,
    hooks: { progress, checkpoint: (state) => checkpoints.commit(state.step, trainingStateCodec.encode(state)) },
    ...(resumeFrom ? { resumeFrom } : {}),
  });
  const quality = await judge(config, result.params, tokenizer, held, runtime);
  const parts = await learningCurve({ ...training, split, hooks: { progress } }, settings.learningCurve);
  return {
    result: {
      model: await putClassifier(store, config, taught.classes, result.params, files),
      quality: { ...quality, classes: taught.classes },
      trained: split.train.length,
      nearDuplicates: split.nearDuplicates,
      curve: await putJson(store, lossCurve(result.curve, result.evaluations)),
      ...(parts.length > 0
        ? { learningCurve: [...parts, curveRow(split.train.length, held.length, quality.accuracy, quality.loss)] }
        : {}),
    },
    trainTexts: split.train.map((index) => texts[index] ?? ''),
  };
}

export async function classifierJob(input: ClassifierJobInput, context: JobContext): Promise<ClassifierJobResult> {
  const { result } = await trainOnLabels(input, context);
  return result;
}

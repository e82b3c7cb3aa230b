/** Trains a BERT classifier on tokenised, labelled texts. Knows neither a tokenizer nor what the classes mean. */

import { div, reduceSum } from '../ir/index.js';
import type { BertConfig } from '../nn/bert-config.js';
import { bertParameterSpecs } from '../nn/bert-parameters.js';
import { bertLogits } from '../nn/bert.js';
import { countedTargets, crossEntropy, IGNORED } from '../nn/loss.js';
import { shapesOf } from '../nn/parameters.js';
import type { Parameters } from '../nn/parameters.js';
import { spacedInside } from '../nn/spacing.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { ClassifierScorer, cutKeepingLast } from './classifier-scores.js';
import { validationSplit } from './data-order.js';
import { padRight, rightMask } from './padding.js';
import type { Tokens } from './padding.js';
import { train } from './trainer.js';
import { trainingDefaults } from './training-defaults.js';
import type { Objective } from './objective.js';
import type { TrainingHooks, TrainingResult, TrainingSettings, TrainingState } from './training-types.js';

export interface ClassifierSettings extends TrainingSettings {
  /** Part of the texts kept for validation, 0 … 1. */
  readonly validationShare: number;
  readonly evaluationBatchSize: number;
}

/** The study splits 7:3; the rest is what BERT is usually fine-tuned with (Devlin et al. 2019, appendix A.3). */
export const classifierDefaults: ClassifierSettings = {
  ...trainingDefaults,
  epochs: 3,
  warmupSteps: 0,
  evaluateEvery: 0,
  keepBest: true,
  validationShare: 0.3,
  evaluationBatchSize: 64,
};

export interface TrainClassifierInput {
  readonly config: BertConfig;
  readonly params: Parameters;
  /** Each with its start and separator tokens. */
  readonly texts: readonly Tokens[];
  /** Class of each text, 0 … classes − 1. */
  readonly labels: readonly number[];
  /** Positions of the texts kept for validation; drawn by `validationShare` unless given. */
  readonly validation?: readonly number[];
  readonly settings?: Partial<ClassifierSettings>;
  readonly hooks?: TrainingHooks;
  /** A state that `hooks.checkpoint` gave, of a run with the same input. */
  readonly resumeFrom?: TrainingState;
}

/**
 * Trains on one part of the texts and evaluates on the rest (`loss`, `accuracy`), by default once an epoch.
 * @throws LossDivergedError; RangeError when labels do not fit or there is nothing to train on
 */
export async function trainClassifier(input: TrainClassifierInput): Promise<TrainingResult> {
  const { config, params, labels, hooks, resumeFrom } = input;
  const given = { ...classifierDefaults, ...input.settings };
  const settings = { ...given, maxTokens: Math.min(given.maxTokens, config.numPositions) };
  checkLabels(labels, input.texts.length, config.numLabels);
  const texts = input.texts.map((text) => cutKeepingLast(text, settings.maxTokens));
  const split = input.validation
    ? splitAt(texts.length, input.validation)
    : validationSplit(texts.length, settings.validationShare, settings.seed);
  const pick = <T>(list: readonly T[], numbers: readonly number[]) => numbers.map((i) => list[i]!);
  const [trainTexts, trainLabels] = [pick(texts, split.train), pick(labels, split.train)];
  const [validationTexts, validationLabels] = [pick(texts, split.validation), pick(labels, split.validation)];
  const { maxTokens, evaluationBatchSize: batchSize, threads, device } = settings;
  const scorer = new ClassifierScorer(config, { maxTokens, batchSize, threads, ...(device && { device }) });
  const task = {
    objective: classifierObjective(config),
    lengths: trainTexts.map((text) => text.length),
    batch: (numbers: readonly number[], tokens: number) =>
      classifierBatch(config, pick(trainTexts, numbers), pick(trainLabels, numbers), settings.batchSize, tokens),
    evaluate: async (now: Parameters): Promise<Record<string, number>> =>
      validationTexts.length === 0
        ? {}
        : { ...classifierMetrics(await scorer.logits(now, validationTexts), validationLabels) },
  };
  try {
    return await train(task, params, settings, hooks, resumeFrom);
  } finally {
    await scorer.release();
  }
}

function splitAt(count: number, validation: readonly number[]): { train: number[]; validation: readonly number[] } {
  const held = new Set(validation);
  const wrong = validation.find((i) => !Number.isInteger(i) || i < 0 || i >= count);
  if (wrong !== undefined || held.size !== validation.length)
    throw new RangeError(
      `trainClassifier: expected different positions of ${count} texts for validation, got ${wrong ?? 'one of them twice'}`,
    );
  return { train: Array.from({ length: count }, (_, i) => i).filter((i) => !held.has(i)), validation };
}

function checkLabels(labels: readonly number[], texts: number, numLabels: number): void {
  if (labels.length !== texts)
    throw new RangeError(`trainClassifier: expected a label for each of ${texts} texts, got ${labels.length}`);
  const wrong = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= numLabels);
  if (wrong >= 0)
    throw new RangeError(
      `trainClassifier: expected labels from 0 to ${numLabels - 1}, got ${labels[wrong]} at text ${wrong}`,
    );
}

/** Mean cross-entropy of the classes. */
export function classifierObjective(config: BertConfig): Objective {
  return {
    name: 'classifier',
    parameterShapes: shapesOf(bertParameterSpecs(config)),
    heldShapes: shapesOf(bertParameterSpecs(spacedInside(config))),
    batchShapes: (batchSize, tokens) => ({
      inputIds: [batchSize, tokens],
      attentionMask: [batchSize, tokens],
      labels: [batchSize],
    }),
    count: ({ labels }) => reduceSum(countedTargets(labels!)),
    loss: (parameters, { inputIds, attentionMask, labels }, { count, ...options }) => {
      const input = { inputIds: inputIds!, attentionMask: attentionMask!, ...options };
      return { mean: div(crossEntropy(bertLogits(config, parameters, input), labels!).sum, count) };
    },
  };
}

function classifierBatch(
  config: BertConfig,
  texts: readonly Tokens[],
  labels: readonly number[],
  rows: number,
  tokens: number,
) {
  const padded = new Int32Array(rows).fill(IGNORED);
  padded.set(labels);
  return {
    inputIds: padRight(texts, rows, tokens, config.padTokenId),
    attentionMask: rightMask(texts, rows, tokens),
    labels: hostTensor('int32', [rows], padded),
  };
}

/** Mean cross-entropy in nats and the share of texts whose highest score is their label's. */
export function classifierMetrics(
  logits: HostTensor<'float32'>,
  labels: readonly number[],
): { loss: number; accuracy: number } {
  const classes = logits.shape[1] ?? 1;
  let loss = 0;
  let right = 0;
  labels.forEach((label, text) => {
    const scores = logits.data.subarray(text * classes, (text + 1) * classes);
    const highest = Math.max(...scores);
    const logSum = highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0));
    loss += logSum - (scores[label] ?? -Infinity);
    if (scores.indexOf(highest) === label) right++;
  });
  return { loss: loss / labels.length, accuracy: right / labels.length };
}

/** Causal language modelling: fine-tunes a GPT-2 on tokenised texts and measures perplexity. Knows no tokenizer. */

import { reduceSum, reshape, slice } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import type { Gpt2Config } from '../nn/gpt2-config.js';
import { gpt2ParameterSpecs } from '../nn/gpt2-parameters.js';
import { gpt2Hidden } from '../nn/gpt2.js';
import { parameter } from '../nn/graph-parameters.js';
import { countedTargets, headCrossEntropy, IGNORED } from '../nn/loss.js';
import { shapesOf } from '../nn/parameters.js';
import type { Parameters } from '../nn/parameters.js';
import { spacedGpt2 } from '../nn/spacing.js';
import { validationSplit } from './data-order.js';
import { LikelihoodMeter } from './likelihood.js';
import type { LikelihoodSettings } from './likelihood.js';
import { padRight } from './padding.js';
import type { Tokens } from './padding.js';
import { train } from './trainer.js';
import type { Objective } from './objective.js';
import type { TrainingHooks, TrainingResult, TrainingSettings, TrainingState } from './training-types.js';
import { trainingDefaults } from './training-defaults.js';

export interface LanguageModelSettings extends TrainingSettings {
  /** Part of the texts kept for validation, 0 … 1; the study's 7:3 is 0.3. */
  readonly validationShare: number;
  readonly evaluationBatchSize: number;
}

/** The study's settings, where a small model needs no other. */
export const languageModelDefaults: LanguageModelSettings = {
  ...trainingDefaults,
  validationShare: 0.3,
  evaluationBatchSize: 64,
};

export interface TrainLanguageModelInput {
  readonly config: Gpt2Config;
  readonly params: Parameters;
  /** Each with its end token, if it is to have one; texts of fewer than two tokens teach nothing and are left out. */
  readonly texts: readonly Tokens[];
  /** For each token of each text what is to be predicted there: itself, or IGNORED (−100) where it is not to be learned. Default: all. */
  readonly labels?: readonly Tokens[];
  readonly settings?: Partial<LanguageModelSettings>;
  readonly hooks?: TrainingHooks;
  /** A state that `hooks.checkpoint` gave, of a run with the same input. */
  readonly resumeFrom?: TrainingState;
}

/**
 * Trains on one part of the texts and evaluates on the rest (`loss`, `perplexity`).
 * @throws LossDivergedError; RangeError when there is nothing to train on
 */
export async function trainLanguageModel(input: TrainLanguageModelInput): Promise<TrainingResult> {
  const { config, params, hooks, resumeFrom } = input;
  const given = { ...languageModelDefaults, ...input.settings };
  const settings = { ...given, maxTokens: Math.min(given.maxTokens, config.numPositions) };
  const texts = labelledTexts(input, settings.maxTokens);
  const split = validationSplit(texts.length, settings.validationShare, settings.seed);
  const training = split.train.map((i) => texts[i]!);
  const validation = split.validation.map((i) => texts[i]!);
  const { maxTokens, evaluationBatchSize: batchSize, threads, device, batchSize: rows } = settings;
  const meter = new LikelihoodMeter(config, { maxTokens, batchSize, threads, ...(device && { device }) });
  const task = {
    objective: languageModelObjective(config),
    lengths: training.map(({ text }) => text.length),
    batch: (numbers: readonly number[], tokens: number) => {
      const chosen = numbers.map((i) => training[i]!);
      const labels = chosen.map((one) => one.labels);
      return languageModelBatch(
        chosen.map(({ text }) => text),
        rows,
        tokens,
        labels,
      );
    },
    evaluate: async (now: Parameters): Promise<Record<string, number>> => {
      if (validation.length === 0) return {};
      const held = validation.map(({ text }) => text);
      const { sum, count } = await meter.measure(
        now,
        held,
        validation.map(({ labels }) => labels),
      );
      return { loss: sum / count, perplexity: Math.exp(sum / count) };
    },
  };
  try {
    return await train(task, params, settings, hooks, resumeFrom);
  } finally {
    await meter.release();
  }
}

interface LabelledText {
  readonly text: Tokens;
  readonly labels: Tokens;
}

/** Texts that teach something, cut. @throws RangeError when labels do not fit */
function labelledTexts({ texts, labels = texts }: TrainLanguageModelInput, maxTokens: number): LabelledText[] {
  const wrong = texts.findIndex((text, i) => labels[i]?.length !== text.length);
  if (wrong >= 0 || labels.length !== texts.length)
    throw new RangeError(
      `trainLanguageModel: expected a label for each token of ${texts.length} texts, got ${labels.length} lists, ` +
        `${labels[wrong]?.length ?? 0} labels for the ${texts[wrong]?.length ?? 0} tokens of text ${wrong}`,
    );
  return texts
    .map((text, i) => ({ text: text.slice(0, maxTokens), labels: (labels[i] ?? text).slice(0, maxTokens) }))
    .filter(({ text }) => text.length >= 2);
}

/** Mean cross-entropy of the next token over right-padded texts. */
export function languageModelObjective(config: Gpt2Config): Objective {
  return {
    name: 'language-model',
    parameterShapes: shapesOf(gpt2ParameterSpecs(config)),
    heldShapes: shapesOf(gpt2ParameterSpecs(spacedGpt2(config))),
    batchShapes: (batchSize, tokens) => ({ inputIds: [batchSize, tokens], labels: [batchSize, tokens] }),
    count: ({ labels }) => reduceSum(countedTargets(targetsOf(labels!))),
    loss: (parameters, { inputIds, labels }, { count, lossScale, ...options }) => {
      // The last token predicts nothing, so it is a target alone.
      const read = slice(inputIds!, { axis: 1, start: 0, end: -1 }); // [B, T − 1]
      const hidden = reshape(gpt2Hidden(config, parameters, { inputIds: read, ...options }), [-1, config.width]);
      const embedding = parameter(parameters, 'transformer.wte.weight');
      return headCrossEntropy(hidden, embedding, targetsOf(labels!), config.vocabSize, count, lossScale);
    },
  };
}

/** [B, T] → [B·(T − 1)] */
function targetsOf(labels: Value<'int32'>): Value<'int32'> {
  return reshape(slice(labels, { axis: 1, start: 1 }), [-1]);
}

/** @param labels what counts of each text; all of it unless given */
export function languageModelBatch(texts: readonly Tokens[], rows: number, tokens: number, labels = texts) {
  return { inputIds: padRight(texts, rows, tokens, 0), labels: padRight(labels, rows, tokens, IGNORED) };
}

/** exp of the mean negative log-likelihood a token, over all tokens of all texts but each text's first. */
export async function perplexity(
  config: Gpt2Config,
  params: Parameters,
  texts: readonly Tokens[],
  settings: LikelihoodSettings,
): Promise<number> {
  const meter = new LikelihoodMeter(config, settings);
  try {
    const { sum, count } = await meter.measure(params, texts);
    return Math.exp(sum / count);
  } finally {
    await meter.release();
  }
}

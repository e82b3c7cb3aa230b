/** Causal language modelling: fine-tunes a GPT-2 on tokenised texts and measures perplexity. Knows no tokenizer. */

import { reshape, slice } from '../ir/index.js';
import type { Gpt2Config } from '../nn/gpt2-config.js';
import { gpt2ParameterSpecs } from '../nn/gpt2-parameters.js';
import { gpt2Hidden } from '../nn/gpt2.js';
import { parameter } from '../nn/graph-parameters.js';
import { headCrossEntropy, IGNORED } from '../nn/loss.js';
import { shapesOf } from '../nn/parameters.js';
import type { Parameters } from '../nn/parameters.js';
import { validationSplit } from './data-order.js';
import { LikelihoodMeter } from './likelihood.js';
import type { LikelihoodSettings } from './likelihood.js';
import { padRight } from './padding.js';
import type { Tokens } from './padding.js';
import { train } from './trainer.js';
import type { Objective } from './training-program.js';
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
  const texts = input.texts.filter((text) => text.length >= 2).map((text) => text.slice(0, settings.maxTokens));
  const split = validationSplit(texts.length, settings.validationShare, settings.seed);
  const training = split.train.map((i) => texts[i]!);
  const validation = split.validation.map((i) => texts[i]!);
  const { maxTokens, evaluationBatchSize: batchSize, threads, device, batchSize: rows } = settings;
  const meter = new LikelihoodMeter(config, { maxTokens, batchSize, threads, ...(device && { device }) });
  const task = {
    objective: languageModelObjective(config),
    lengths: training.map((text) => text.length),
    batch: (numbers: readonly number[], tokens: number) =>
      languageModelBatch(
        numbers.map((i) => training[i]!),
        rows,
        tokens,
      ),
    evaluate: async (now: Parameters): Promise<Record<string, number>> => {
      if (validation.length === 0) return {};
      const { sum, count } = await meter.measure(now, validation);
      return { loss: sum / count, perplexity: Math.exp(sum / count) };
    },
  };
  try {
    return await train(task, params, settings, hooks, resumeFrom);
  } finally {
    await meter.release();
  }
}

/** Mean cross-entropy of the next token over right-padded texts. */
export function languageModelObjective(config: Gpt2Config): Objective {
  return {
    name: 'language-model',
    parameterShapes: shapesOf(gpt2ParameterSpecs(config)),
    batchShapes: (batchSize, tokens) => ({ inputIds: [batchSize, tokens], labels: [batchSize, tokens] }),
    loss: (parameters, { inputIds, labels }, dropout) => {
      // The last token predicts nothing, so it is a target alone.
      const read = slice(inputIds!, { axis: 1, start: 0, end: -1 }); // [B, T − 1]
      const hidden = reshape(gpt2Hidden(config, parameters, { inputIds: read, dropout }), [-1, config.width]);
      const targets = reshape(slice(labels!, { axis: 1, start: 1 }), [-1]); // [B·(T − 1)]
      return headCrossEntropy(hidden, parameter(parameters, 'transformer.wte.weight'), targets);
    },
  };
}

export function languageModelBatch(texts: readonly Tokens[], rows: number, tokens: number) {
  return { inputIds: padRight(texts, rows, tokens, 0), labels: padRight(texts, rows, tokens, IGNORED) };
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

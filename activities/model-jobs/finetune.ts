/** Job finetune: causal language modelling on the cleaned texts. */

import type { StudyConfig } from '../../config/schema.js';
import type { RuntimeFingerprint } from '../../core/backends/onnx/index.js';
import type { BlobRef, FolderRef } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import type { LossPoint } from '../../core/report/index.js';
import { cleanRecordSchema, parseRecords } from '../../core/text/records.js';
import { trainLanguageModel } from '../../core/train/language-model.js';
import type { CurvePoint, EvaluationPoint, TrainingResult } from '../../core/train/training-types.js';
import { putJson } from '../blobs.js';
import { runtimeOf, trainingRuntimeOf, type TrainingRuntime } from '../study.js';
import { openLanguageModel, putLanguageModel, type LanguageModel } from './models.js';
import { openJobCheckpoints } from './training-checkpoints.js';
import { trainingStateCodec } from './training-state.js';

export interface FinetuneJobInput {
  readonly stageKey: string;
  readonly model: FolderRef;
  readonly texts: BlobRef;
  readonly settings: StudyConfig['finetune'] & TrainingRuntime & { readonly seed: number };
}

export interface FinetuneJobResult {
  readonly model: FolderRef;
  /** JSON of loss by step. */
  readonly curve: BlobRef;
  readonly steps: number;
  readonly firstLoss: number;
  readonly lastLoss: number;
  readonly validationLoss?: number;
  readonly perplexity?: number;
  readonly fingerprint: RuntimeFingerprint;
}

/** Training and validation loss in one list, by step. */
export function lossCurve(curve: readonly CurvePoint[], evaluations: readonly EvaluationPoint[]): LossPoint[] {
  const points = new Map<number, LossPoint>(curve.map(({ step, loss }) => [step, { step, loss }]));
  for (const { step, metrics } of evaluations) {
    if (metrics.loss !== undefined) points.set(step, { ...points.get(step), step, validationLoss: metrics.loss });
  }
  return [...points.values()].toSorted((a, b) => a.step - b.step);
}

/** Texts as token ids, each ended by the end token, so that the model learns where a text stops. */
function tokenise({ tokenizer }: LanguageModel, texts: readonly string[]): number[][] {
  const end = tokenizer.specials.eos === undefined ? [] : [tokenizer.specials.eos];
  return texts.map((text) => [...tokenizer.encode(text), ...end]);
}

function summary({ curve, evaluations, steps }: TrainingResult) {
  const last = evaluations.at(-1)?.metrics;
  return {
    steps,
    firstLoss: curve[0]?.loss ?? 0,
    lastLoss: curve.at(-1)?.loss ?? 0,
    ...(last?.loss === undefined ? {} : { validationLoss: last.loss }),
    ...(last?.perplexity === undefined ? {} : { perplexity: last.perplexity }),
  };
}

export async function finetuneJob(
  { stageKey, model: ref, texts, settings }: FinetuneJobInput,
  context: JobContext,
): Promise<FinetuneJobResult> {
  const { store, progress } = context;
  const model = await openLanguageModel(store, ref);
  const records = parseRecords(await store.getBlob(texts), cleanRecordSchema, 'clean texts');
  const checkpoints = await openJobCheckpoints(stageKey, runtimeOf(settings), context);
  const resumeFrom = trainingStateCodec.decode(await checkpoints.newest());
  const result = await trainLanguageModel({
    config: model.config,
    params: model.params,
    texts: tokenise(
      model,
      records.map(({ text }) => text),
    ),
    settings: {
      epochs: settings.epochs,
      batchSize: settings.batchSize,
      evaluationBatchSize: settings.evaluationBatchSize,
      maxTokens: settings.maxTokens,
      peakLr: settings.learningRate,
      warmupSteps: settings.warmupSteps,
      weightDecay: settings.weightDecay,
      clipNorm: settings.clipNorm,
      validationShare: settings.validationShare,
      evaluateEvery: settings.evaluateEverySteps,
      checkpointEvery: settings.checkpointEverySteps,
      stepsPerRun: settings.stepsPerRun,
      dropout: settings.dropout,
      accumulationSteps: settings.accumulationSteps,
      recompute: settings.recompute,
      seed: settings.seed,
      ...trainingRuntimeOf(settings),
    },
    hooks: { progress, checkpoint: (state) => checkpoints.commit(state.step, trainingStateCodec.encode(state)) },
    ...(resumeFrom ? { resumeFrom } : {}),
  });
  return {
    model: await putLanguageModel(store, model, result.params),
    curve: await putJson(store, lossCurve(result.curve, result.evaluations)),
    ...summary(result),
    fingerprint: checkpoints.fingerprint,
  };
}

/**
 * The training loop: epochs of planned runs, evaluation, checkpoints, early stop. A state that it hands out leads to the
 * same bytes as going on without interruption. Knows neither the model nor what a text means.
 */

import type { Parameters } from '../nn/parameters.js';
import { lossScaleDefaults } from '../optim/index.js';
import type { LinearSchedule } from '../optim/index.js';
import { epochRuns, lengthBuckets, stepsPerEpoch } from './data-order.js';
import type { OrderSettings, PlannedRun } from './data-order.js';
import type { Objective } from './objective.js';
import type { HostBatch, RunOutcome, TrainingStart } from './steps.js';
import { TrainingSession } from './training-session.js';
import { LossDivergedError, LossScaleExhaustedError } from './training-types.js';
import type {
  CurvePoint,
  EvaluationPoint,
  TrainingHooks,
  TrainingResult,
  TrainingSettings,
  TrainingState,
} from './training-types.js';

/** What is trained, on what, and how it is judged. */
export interface TrainingTask {
  readonly objective: Objective;
  /** Tokens of each training text. */
  readonly lengths: readonly number[];
  /** Inputs of one step over these texts, padded to `batchSize` rows of `tokens`. */
  batch(texts: readonly number[], tokens: number): HostBatch;
  /** Figures on the validation texts, `loss` among them; none when there are no such texts. */
  evaluate(params: Parameters): Promise<Readonly<Record<string, number>>>;
}

type Progressed = Omit<TrainingState, 'params' | 'm' | 'v' | 'lossScaling'>;

/** @throws LossDivergedError, LossScaleExhaustedError; RangeError when there is no text to train on */
export async function train(
  task: TrainingTask,
  start: Parameters,
  settings: TrainingSettings,
  hooks: TrainingHooks = {},
  resumeFrom?: TrainingState,
): Promise<TrainingResult> {
  if (task.lengths.length === 0)
    throw new RangeError('train: expected at least one training text, got none; add texts');
  const totalSteps = settings.epochs * stepsPerEpoch(task.lengths.length, settings.batchSize);
  const schedule = { peakLr: settings.peakLr, warmupSteps: settings.warmupSteps, totalSteps };
  const session = openTraining(task, schedule, settings, resumeFrom ?? { params: start });
  try {
    const end = await runEpochs(task, session, totalSteps, settings, hooks, resumeFrom ?? beginning);
    const params = settings.keepBest && end.best ? end.best.params : await session.params();
    return { params, steps: end.step, curve: end.curve, evaluations: end.evaluations };
  } finally {
    await session.release();
  }
}

const beginning: Progressed = { step: 0, epoch: 0, run: 0, curve: [], evaluations: [] };

function openTraining(
  { objective }: TrainingTask,
  schedule: LinearSchedule,
  { dropout, seed, ...given }: TrainingSettings,
  start: TrainingStart,
): TrainingSession {
  const settings = { ...given, schedule, ...(dropout ? { dropout: { seed } } : {}) };
  return new TrainingSession(objective, settings, start);
}

async function runEpochs(
  task: TrainingTask,
  session: TrainingSession,
  totalSteps: number,
  settings: TrainingSettings,
  hooks: TrainingHooks,
  from: Progressed,
): Promise<Progressed> {
  const order = orderSettings(task.lengths, settings);
  let now = from;
  let epoch = -1;
  let runs: readonly PlannedRun[] = [];
  while (now.epoch < settings.epochs && !stopsEarly(now.evaluations, settings.patience)) {
    if (epoch !== now.epoch) [epoch, runs] = [now.epoch, epochRuns(task.lengths, now.epoch, order)];
    const planned = runs[now.run];
    if (planned === undefined)
      throw new RangeError(
        `train: expected a run below ${runs.length} in the state, got ${now.run}; train on the same texts`,
      );
    const before = now.step;
    now = await advance(task, session, planned, now, now.run + 1 === runs.length);
    const ends = now.step === totalSteps;
    const endsEpoch = now.run === 0;
    if (ends || (settings.evaluateEvery === 0 ? endsEpoch : crosses(before, now.step, settings.evaluateEvery))) {
      now = await withEvaluation(task, session, now, settings);
    }
    report(hooks, now, totalSteps);
    const evaluated = now.evaluations.at(-1)?.step === now.step;
    if (ends || (settings.checkpointEvery === 0 ? evaluated : crosses(before, now.step, settings.checkpointEvery))) {
      await hooks.checkpoint?.({ ...now, ...(await session.state()) });
    }
  }
  return now;
}

function orderSettings(
  lengths: readonly number[],
  { seed, batchSize, stepsPerRun, maxTokens }: TrainingSettings,
): OrderSettings {
  const longest = lengths.reduce((longest, length) => Math.max(longest, length), 1);
  return { seed, batchSize, stepsPerRun, buckets: lengthBuckets(Math.min(maxTokens, longest)) };
}

/** Whether a multiple of `every` lies in (before, after]. */
function crosses(before: number, after: number, every: number): boolean {
  return Math.floor(after / every) > Math.floor(before / every);
}

async function advance(
  task: TrainingTask,
  session: TrainingSession,
  run: PlannedRun,
  now: Progressed,
  endsEpoch: boolean,
): Promise<Progressed> {
  const outcome = await session.run(
    run.batches.map((texts) => task.batch(texts, run.tokens)),
    run.tokens,
    now.step,
  );
  const step = now.step + run.batches.length;
  const points = curvePoints(outcome, step, now.epoch);
  const next = endsEpoch ? { epoch: now.epoch + 1, run: 0 } : { epoch: now.epoch, run: now.run + 1 };
  return { ...now, ...next, step, curve: [...now.curve, ...points] };
}

function curvePoints(outcome: RunOutcome, step: number, epoch: number): CurvePoint[] {
  const { losses, gradientNorms, lrs, applied, lossScales } = outcome;
  const taken = (values: Float32Array) => values.filter((_, i) => applied[i] === 1);
  const broken = losses.findIndex(
    (loss, i) => applied[i] === 1 && !(Number.isFinite(loss) && Number.isFinite(gradientNorms[i])),
  );
  if (broken >= 0) throw new LossDivergedError(step - losses.length + 1 + broken, losses[broken] ?? NaN);
  const lossScale = lossScales.at(-1);
  if (lossScale !== undefined && lossScale < lossScaleDefaults.smallest)
    throw new LossScaleExhaustedError(step, lossScale, losses.at(-1) ?? NaN);
  if (!applied.includes(1)) return [];
  const [loss, gradientNorm] = [mean(taken(losses)), mean(taken(gradientNorms))];
  return [{ step, epoch, loss, gradientNorm, lr: lrs.at(-1) ?? 0, ...(lossScale !== undefined && { lossScale }) }];
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function withEvaluation(
  task: TrainingTask,
  session: TrainingSession,
  now: Progressed,
  settings: TrainingSettings,
): Promise<Progressed> {
  const params = await session.params();
  const metrics = await task.evaluate(params);
  const epoch = now.run === 0 ? now.epoch - 1 : now.epoch;
  const evaluations = [...now.evaluations, { step: now.step, epoch, metrics }];
  const loss = metrics['loss'] ?? Infinity;
  const better = settings.keepBest && loss < (now.best?.loss ?? Infinity);
  return { ...now, evaluations, ...(better ? { best: { step: now.step, loss, params } } : {}) };
}

/** Whether the last `patience` evaluations all failed to go below the lowest loss before them. */
export function stopsEarly(evaluations: readonly EvaluationPoint[], patience: number): boolean {
  if (patience === 0 || evaluations.length <= patience) return false;
  const losses = evaluations.map(({ metrics }) => metrics['loss'] ?? Infinity);
  return Math.min(...losses.slice(-patience)) >= Math.min(...losses.slice(0, -patience));
}

function report({ progress }: TrainingHooks, now: Progressed, total: number): void {
  const point = now.curve.at(-1);
  const validation = now.evaluations.at(-1)?.metrics ?? {};
  const named = Object.fromEntries(Object.entries(validation).map(([name, value]) => [`validation ${name}`, value]));
  const metrics = { ...(point && figuresOf(point)), ...named };
  progress?.({ done: now.step, total, unit: 'steps', metrics });
}

function figuresOf({ loss, gradientNorm, lr, lossScale }: CurvePoint): Record<string, number> {
  return { loss, gradientNorm, lr, ...(lossScale !== undefined && { lossScale }) };
}

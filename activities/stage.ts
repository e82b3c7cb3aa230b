/** What every stage shares: its result is looked up by the digest of its inputs, made at most once, and kept. */

import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import {
  canonicalJson,
  commitStageResult,
  pruneCheckpoints,
  readStageResult,
  sha256OfJson,
  stageKey,
  type Json,
  type Store,
} from '../core/checkpoint/index.js';
import type { ReportProgress } from '../core/progress.js';
import { isTransient } from './failures.js';
import { startHeartbeat } from './heartbeat.js';
import type { JobRunner } from './job-runner.js';

/** What the worker gives to every factory. */
export interface StageDependencies {
  readonly store: Store;
  readonly jobs: JobRunner;
}

/** What makes one stage's result: two stages that agree in all of it share their result. */
export interface StageSpec {
  readonly name: string;
  /** Raised by hand when the code's meaning changes, so that old results are not taken for new ones. */
  readonly version: number;
  /** The settings that the stage reads, and no others. */
  readonly config: object;
  /** Digests or references of what it reads. */
  readonly inputs: object;
}

export interface StageOutcome<R> {
  readonly key: string;
  /** Digest of the result, equal for equal results on any machine. */
  readonly digest: string;
  readonly result: R;
  readonly reused: boolean;
  /** Work time in seconds, 0 when reused. */
  readonly seconds: number;
}

/** What a stage's work is given. */
export interface StageRun {
  readonly key: string;
  /** Aborted when the activity is cancelled or the worker stops. */
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
  log(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Looks the stage up, or does its work and commits the result. */
export async function runStage<R extends object>(
  { store }: StageDependencies,
  spec: StageSpec,
  work: (run: StageRun) => Promise<R>,
): Promise<StageOutcome<R>> {
  const key = stageKey({ ...spec, config: toJson(spec.config), inputs: toJson(spec.inputs) });
  return runActivity(spec.name, key, async (run) => {
    const startedAt = performance.now();
    const lookup = await readStageResult(store, key);
    if (lookup.status === 'hit') return outcome<R>(key, lookup.result, 0);
    run.log('stage runs', { key, reason: lookup.reason });
    const standing = await commitStageResult(store, key, toJson(await work(run)));
    await pruneCheckpoints(store, key);
    return outcome<R>(key, standing, (performance.now() - startedAt) / 1000);
  });
}

/** Beats while the work goes on, and gives its error the form that decides whether it is tried again. */
export async function runActivity<R>(name: string, key: string, work: (run: StageRun) => Promise<R>): Promise<R> {
  const context = Context.current();
  const heartbeat = startHeartbeat(context, name);
  try {
    return await work({
      key,
      signal: context.cancellationSignal,
      progress: heartbeat.progress,
      log: (message, fields) => context.log.info(message, { stage: name, ...fields }),
    });
  } catch (error) {
    throw toFailure(error, context);
  } finally {
    heartbeat.stop();
  }
}

/** Plain data as JSON. @throws NotCanonicalError for what JSON would bend. */
function toJson(value: object): Json {
  return JSON.parse(canonicalJson(value));
}

/** The key fixes name and version of the stage, and with them the result's type: what stands there was made as an `R`. */
function outcome<R>(key: string, result: Json, seconds: number): StageOutcome<R> {
  return { key, digest: sha256OfJson(result), result: result as R, reused: seconds === 0, seconds };
}

/** The server keeps 4 KB of a failure: more would turn the message into "failure exceeds size limit". */
const maxMessageCharacters = 1_500;

/** Temporal's form of an error: its class name is the wire type, and only what may pass by itself is tried again. */
function toFailure(error: unknown, context: Context): unknown {
  if (context.cancellationSignal.aborted)
    return new CancelledFailure(error instanceof Error ? error.message : 'cancelled');
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure || !(error instanceof Error))
    return error;
  context.log.error('stage failed', { error });
  const message =
    error.message.length > maxMessageCharacters ? `${error.message.slice(0, maxMessageCharacters)} …` : error.message;
  return ApplicationFailure.create({ message, type: error.name, nonRetryable: !isTransient(error) });
}

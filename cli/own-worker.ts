/** Runs work on a worker of this command's own, notes in the run's record how it ended, and pauses when it is interrupted. Knows no workflow. */

import { availableParallelism } from 'node:os';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import type { Environment } from '../config/environment.js';
import type { StudyConfig } from '../config/schema.js';
import { queuesOf } from '../workflows/queues.js';
import { InterruptedError, type Interruption } from './interruption.js';
import type { LiveView } from './live-view.js';
import { sayOtherRuns } from './other-runs.js';
import { queuePrefix, workerLogFile } from './paths.js';
import { errorMessage, failureExitCode, interruptedExitCode } from './report-error.js';
import { writeRunRecord, type RunRecord } from './run-record.js';
import { ServerEndedError } from './server-watch.js';
import type { Session } from './session.js';
import { superviseWorker, type WorkerSupervisor } from './worker-supervisor.js';

export interface OwnRun {
  readonly environment: Environment;
  readonly view: LiveView;
  readonly record: RunRecord;
  readonly config: Pick<StudyConfig, 'compute'>;
}

/** Nothing runs any more when a run has ended; when it is paused, running work is handed back first. */
const patienceMs = { ended: 1_000, paused: 15_000 };

function startWorker({ environment, view, config }: OwnRun, session: Session): Promise<WorkerSupervisor> {
  const { home, temporalNamespace, store, logLevel, jobVariables } = environment;
  const { modelSlots, stallSeconds } = config.compute;
  const settings = {
    temporalAddress: session.temporal.address,
    temporalNamespace,
    queuePrefix,
    store,
    slots: { net: 4, cpu: Math.max(1, availableParallelism() - 1), model: modelSlots },
    stallSeconds,
    jobVariables,
    logLevel,
    logFile: workerLogFile(home),
  };
  return superviseWorker(settings, (how) =>
    view.say(`the worker ended (${how}) and is started anew; running work goes on from its last checkpoint`),
  );
}

/** Beside the work, so that a server that is slow to list holds up nothing. */
function nameOtherRuns({ environment, view, record }: OwnRun, { client }: Session): void {
  void sayOtherRuns(client, {
    home: environment.home,
    queue: queuesOf(queuePrefix).pipeline,
    ownRunId: record.runId,
    say: (line) => view.say(line),
  });
}

type End = 'paused' | 'cancelled' | 'lost' | 'failed';

function endOf(error: unknown): End {
  if (error instanceof InterruptedError) return 'paused';
  if (error instanceof ServerEndedError) return 'lost';
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  return cause instanceof CancelledFailure || cause instanceof TerminatedFailure ? 'cancelled' : 'failed';
}

/** How an end is noted: a run whose server is gone stays open in the server's database. */
const notedAs = { paused: 'paused', cancelled: 'cancelled', lost: 'paused', failed: 'failed' } as const;

/** Ends that are no error: what is said, and the exit code. */
const saidOf: Partial<Record<End, { readonly line: string; readonly exitCode: number }>> = {
  paused: { line: 'paused; nothing is lost. Go on with:', exitCode: interruptedExitCode },
  cancelled: { line: 'cancelled from elsewhere; finished stages are kept. Go on with:', exitCode: failureExitCode },
};

/** A run that can go on is told how to. @throws the error itself where the run failed */
function noteEnd({ environment, view, record }: OwnRun, error: unknown): End {
  view.close();
  const end = endOf(error);
  const said = saidOf[end];
  const problem = said ? {} : { problem: errorMessage(error) };
  writeRunRecord(environment.home, { ...record, state: notedAs[end], ...problem });
  if (!said) throw error;
  process.stderr.write(`\n${said.line} ${record.command}\n`);
  process.exitCode = said.exitCode;
  return end;
}

/**
 * @param work is given the worker and a promise that rejects when the command is interrupted or its server ends; it
 * has to end with either
 * @throws what `work` throws, unless it was interrupted or the run was cancelled
 */
export async function onOwnWorker(
  run: OwnRun,
  session: Session,
  { signal, interrupted }: Interruption,
  work: (worker: WorkerSupervisor, stopped: Promise<never>) => Promise<void>,
): Promise<void> {
  const stopped = Promise.race([interrupted, session.lost]);
  stopped.catch(() => {});
  writeRunRecord(run.environment.home, { ...run.record, state: 'running' });
  let worker: WorkerSupervisor | undefined;
  let patience = patienceMs.ended;
  try {
    worker = await startWorker(run, session);
    signal.throwIfAborted();
    nameOtherRuns(run, session);
    await work(worker, stopped);
  } catch (error) {
    // Whatever breaks after a signal breaks because of it.
    const end = noteEnd(run, signal.aborted ? signal.reason : error);
    if (end === 'paused') patience = patienceMs.paused;
  } finally {
    await worker?.stop(patience);
  }
}

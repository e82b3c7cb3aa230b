/** Runs work on a worker of this command's own, notes in the run's record how it ended, and pauses at Ctrl-C. Knows no workflow. */

import { availableParallelism } from 'node:os';
import type { Environment } from '../config/environment.js';
import type { StudyConfig } from '../config/schema.js';
import { queuesOf } from '../workflows/queues.js';
import type { LiveView } from './live-view.js';
import { sayOtherRuns } from './other-runs.js';
import { queuePrefix, workerLogFile } from './paths.js';
import { errorMessage, interruptedExitCode } from './report-error.js';
import { writeRunRecord, type RunRecord } from './run-record.js';
import type { Session } from './session.js';
import { superviseWorker, type WorkerSupervisor } from './worker-supervisor.js';

class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

export interface OwnRun {
  readonly environment: Environment;
  readonly view: LiveView;
  readonly record: RunRecord;
  readonly config: Pick<StudyConfig, 'compute'>;
}

/** Nothing runs any more when a run has ended; when it is paused, running work is handed back first. */
const patienceMs = { ended: 1_000, paused: 15_000 };

/** Rejects at the first Ctrl-C or SIGTERM. A second one ends the process at once, as usual. */
function interruption(): { promise: Promise<never>; off(): void } {
  let interrupt: () => void = () => {};
  const promise = new Promise<never>((_, reject) => {
    interrupt = () => reject(new InterruptedError('interrupted'));
  });
  promise.catch(() => {});
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  return { promise, off: () => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt) };
}

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

/** A paused run is told how to go on. @throws the error itself where the run failed */
function noteEnd({ environment, view, record }: OwnRun, error: unknown): void {
  view.close();
  const paused = error instanceof InterruptedError;
  const problem = paused ? {} : { problem: errorMessage(error) };
  writeRunRecord(environment.home, { ...record, state: paused ? 'paused' : 'failed', ...problem });
  if (!paused) throw error;
  process.stderr.write(`\npaused; nothing is lost. Go on with: ${record.command}\n`);
  process.exitCode = interruptedExitCode;
}

/**
 * @param work is given the worker and a promise that rejects at Ctrl-C; it has to end with either
 * @throws what `work` throws, unless it was interrupted
 */
export async function onOwnWorker(
  run: OwnRun,
  session: Session,
  work: (worker: WorkerSupervisor, stopped: Promise<never>) => Promise<void>,
): Promise<void> {
  const { promise: stopped, off } = interruption();
  const worker = await startWorker(run, session);
  let patience = patienceMs.ended;
  writeRunRecord(run.environment.home, { ...run.record, state: 'running' });
  nameOtherRuns(run, session);
  try {
    await work(worker, stopped);
  } catch (error) {
    noteEnd(run, error);
    patience = patienceMs.paused;
  } finally {
    off();
    await worker.stop(patience);
  }
}

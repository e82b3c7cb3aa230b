/**
 * The inside of a model process: takes one job, runs it, tells the outcome, ends. Never outlives its worker: it exits
 * as soon as the channel to it closes. Knows nothing of what the jobs do.
 */

import type { JobContext, ModelJob, ModelJobs } from '../core/job-context.js';
import type { ReportProgress } from '../core/progress.js';
import { describeError } from '../infra/describe-error.js';
import type { ChildMessage, StartMessage } from '../infra/model-process-protocol.js';
import { openStore } from '../infra/open-store.js';

const progressIntervalMs = 250;

export class UnknownJobError extends Error {
  readonly retryable = false;
  constructor(
    readonly job: string,
    known: readonly string[],
  ) {
    super(`model process: expected one of the jobs ${known.join(', ')}, got ${job}`);
    this.name = 'UnknownJobError';
  }
}

/** Called once by the entry file. @param jobs the table that the parent's type parameter names. */
export function runModelJob(jobs: ModelJobs): void {
  if (process.send === undefined) {
    process.stderr.write('This file is started by a worker, which sends it a job; it does nothing by itself.\n');
    process.exitCode = 2;
    return;
  }
  process.on('disconnect', () => process.exit(1));
  process.once('message', (message: StartMessage) => void finish(jobs, message));
}

async function finish(jobs: ModelJobs, start: StartMessage): Promise<void> {
  const progress = thinOut((latest) => void send({ type: 'progress', progress: latest }));
  const last = await runJob(jobs, start, progress.report);
  progress.flush();
  await send(last);
  process.exit(0);
}

async function runJob(jobs: ModelJobs, start: StartMessage, report: ReportProgress): Promise<ChildMessage> {
  try {
    const context: JobContext = {
      store: await openStore(start.store),
      progress: report,
      clock: () => performance.now() / 1000,
      log: (level, message, fields = {}) => void send({ type: 'log', level, message, fields }),
    };
    return { type: 'result', output: await findJob(jobs, start.job)(start.input, context) };
  } catch (error) {
    return { type: 'error', error: describeError(error) };
  }
}

function findJob(jobs: ModelJobs, name: string): ModelJob {
  const job = Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (job === undefined) throw new UnknownJobError(name, Object.keys(jobs));
  return job;
}

/** Resolves when the message is on its way; a channel that is gone has ended this process already. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
}

type Latest = Parameters<ReportProgress>[0];

/** At most one report an interval; the newest that was held back goes out with `flush`. */
function thinOut(emit: ReportProgress): { readonly report: ReportProgress; readonly flush: () => void } {
  let lastAtMs = -Infinity;
  let held: Latest | undefined;
  const report = (latest: Latest): void => {
    held = latest;
    if (performance.now() - lastAtMs >= progressIntervalMs) flush();
  };
  const flush = (): void => {
    if (held === undefined) return;
    emit(held);
    lastAtMs = performance.now();
    held = undefined;
  };
  return { report, flush };
}

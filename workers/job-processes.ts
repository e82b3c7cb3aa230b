/** Gives activities their job processes: one child process a job, on the worker's own store. */

import type { Logger } from 'pino';
import type { JobRunner } from '../activities/job-runner.js';
import type { modelJobs } from '../activities/model-jobs/index.js';
import { createModelProcess } from '../infra/model-process.js';
import type { WorkerSettings } from './settings.js';

export function createJobRunner(
  settings: Pick<WorkerSettings, 'store' | 'stallSeconds' | 'jobVariables'>,
  logger: Logger,
): JobRunner {
  const processes = createModelProcess<typeof modelJobs>({
    entry: new URL('./model-process-main.js', import.meta.url),
    store: settings.store,
    environment: settings.jobVariables,
    stallTimeoutMs: settings.stallSeconds * 1000,
    log: (level, message, fields) => logger[level](fields, message),
  });
  return { run: (job, input, { signal, progress }) => processes.run(job, input, { signal, onProgress: progress }) };
}

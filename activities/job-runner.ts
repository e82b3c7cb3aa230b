/** Runs a named job in a process of its own. Knows the jobs' types, not how a process is made. */

import type { ReportProgress } from '../core/progress.js';
import type { modelJobs } from './model-jobs/index.js';

type Jobs = typeof modelJobs;
export type JobName = keyof Jobs;
export type JobInput<J extends JobName> = Parameters<Jobs[J]>[0];
export type JobResult<J extends JobName> = Awaited<ReturnType<Jobs[J]>>;

export interface JobRunner {
  /** Starts a process, gives it the input, waits for its result; aborting the signal kills it before the promise settles. */
  run<J extends JobName>(
    job: J,
    input: JobInput<J>,
    hooks: { signal: AbortSignal; progress: ReportProgress },
  ): Promise<JobResult<J>>;
}

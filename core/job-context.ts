/** What a model job is, and what it is given by whoever runs it. Knows neither processes nor messages. */

import type { Store } from './checkpoint/store.js';
import type { ReportProgress } from './progress.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface JobContext {
  readonly store: Store;
  /** Cheap to call at every step: reports are thinned out on the way, the last one always arrives. */
  readonly progress: ReportProgress;
  /** Seconds since any moment, by a clock that never goes back: for what is shown and never compared. Absent, nothing is timed. */
  readonly clock?: () => number;
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/**
 * Plain data in, plain data out, bytes through the store. Taken from a method, so that a table
 * `Record<string, ModelJob>` holds jobs of different inputs: who asks for a job by name gives the input of that name.
 */
export type ModelJob<In = unknown, Out = unknown> = { job(input: In, context: JobContext): Promise<Out> }['job'];

/** Jobs by name; `satisfies ModelJobs` keeps each one's own types. */
export type ModelJobs = Readonly<Record<string, ModelJob>>;
export type JobInput<Job extends ModelJob> = Parameters<Job>[0];
export type JobOutput<Job extends ModelJob> = Awaited<ReturnType<Job>>;

/**
 * Runs each model job in a process of its own, so that neither a blocked event loop nor a native crash reaches the
 * worker. Knows nothing of what the jobs do.
 */

import { type ChildProcess, fork } from 'node:child_process';
import type { JobInput, JobOutput, LogLevel, ModelJobs } from '../core/job-context.js';
import type { ReportProgress } from '../core/progress.js';
import {
  ModelJobError,
  ModelProcessCancelledError,
  ModelProcessDiedError,
  ModelProcessStalledError,
} from './model-process-errors.js';
import type { ChildMessage, StartMessage } from './model-process-protocol.js';
import type { StoreSettings } from './open-store.js';

export interface ModelProcessSettings {
  /** Compiled JavaScript that calls `runModelJob` with its table of jobs. */
  readonly entry: string | URL;
  /** Where the process opens its store. */
  readonly store: StoreSettings;
  /** Longest silence between two progress reports; loading a model counts as silence. */
  readonly stallTimeoutMs: number;
  /** The whole environment of the process: it inherits nothing, so secrets do not reach it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Flags of Node itself, `--max-old-space-size=4096` for one. */
  readonly nodeArguments?: readonly string[];
  readonly log?: (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface RunOptions {
  /** Aborting kills the process; the promise settles when it is gone. */
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
}

export interface ModelProcess<Jobs extends ModelJobs> {
  /**
   * Settles only after the process has ended, so the next one is the only writer.
   * @throws ModelJobError @throws ModelProcessDiedError @throws ModelProcessStalledError
   * @throws ModelProcessCancelledError
   */
  run<Name extends keyof Jobs & string>(
    job: Name,
    input: JobInput<Jobs[Name]>,
    options?: RunOptions,
  ): Promise<JobOutput<Jobs[Name]>>;
}

/** The type parameter is that of the table of jobs which the entry file runs: `typeof modelJobs`. */
export function createModelProcess<Jobs extends ModelJobs>(settings: ModelProcessSettings): ModelProcess<Jobs> {
  return {
    run: (job, input, options = {}) =>
      runInChild(settings, { type: 'start', job, input, store: settings.store }, options),
  };
}

const stderrTailBytes = 4096;

/** What is known of the job so far; the outcome is what it will be once the process has ended. */
interface Outcome<Out> {
  settled: { readonly output: Out } | { readonly error: Error } | undefined;
}

async function runInChild<Out>(settings: ModelProcessSettings, start: StartMessage, options: RunOptions): Promise<Out> {
  if (options.signal?.aborted === true) throw new ModelProcessCancelledError(start.job);
  const child = startChild(settings, start);
  const outcome: Outcome<Out> = { settled: undefined };
  const fail = (error: Error): void => {
    outcome.settled ??= { error };
    child.kill('SIGKILL');
  };
  const stall = watchForStall(settings.stallTimeoutMs, () =>
    fail(new ModelProcessStalledError(start.job, settings.stallTimeoutMs)),
  );
  const onAbort = (): void => fail(new ModelProcessCancelledError(start.job));
  options.signal?.addEventListener('abort', onAbort, { once: true });
  child.on('message', (message: ChildMessage) => {
    receive(message, { start, settings, options, outcome, onProgress: stall.refresh });
  });
  try {
    const ended = await waitForEnd(child);
    outcome.settled ??= { error: new ModelProcessDiedError(start.job, ended.exitCode, ended.signal, ended.stderrTail) };
  } finally {
    stall.stop();
    options.signal?.removeEventListener('abort', onAbort);
  }
  if ('error' in outcome.settled) throw outcome.settled.error;
  return outcome.settled.output;
}

function startChild(settings: ModelProcessSettings, start: StartMessage): ChildProcess {
  const child = fork(settings.entry, [], {
    serialization: 'advanced',
    env: { ...settings.environment },
    execArgv: [...(settings.nodeArguments ?? [])],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  // A process that dies before it reads is told of by its exit; the broken pipe adds nothing.
  child.on('error', () => {});
  child.send(start, () => {});
  return child;
}

interface Receiver<Out> {
  readonly start: StartMessage;
  readonly settings: ModelProcessSettings;
  readonly options: RunOptions;
  readonly outcome: Outcome<Out>;
  readonly onProgress: () => void;
}

function receive<Out>(message: ChildMessage, { start, settings, options, outcome, onProgress }: Receiver<Out>): void {
  if (message.type === 'progress') {
    onProgress();
    options.onProgress?.(message.progress);
  } else if (message.type === 'log') {
    settings.log?.(message.level, message.message, { job: start.job, ...message.fields });
  } else if (message.type === 'result') {
    // The table of jobs ties this name's output to its type; the process boundary only carries it.
    outcome.settled ??= { output: message.output as Out };
  } else {
    outcome.settled ??= { error: new ModelJobError(start.job, message.error) };
  }
}

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderrTail: string;
}

/** Waits for the process and for all that it wrote: `close` comes after the last message and the last output. */
function waitForEnd(child: ChildProcess): Promise<Ended> {
  let stderrTail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderrTail = (stderrTail + text).slice(-stderrTailBytes);
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      if (child.pid === undefined) reject(error);
    });
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stderrTail: stderrTail.trim() }));
  });
}

function watchForStall(
  timeoutMs: number,
  onStall: () => void,
): { readonly refresh: () => void; readonly stop: () => void } {
  const timer = setTimeout(onStall, timeoutMs);
  return { refresh: () => timer.refresh(), stop: () => clearTimeout(timer) };
}

/** How a model job can fail, seen from the worker. Class names are what retry policies look at. */

import type { ErrorDescription } from './model-process-protocol.js';

/**
 * The process ended without a result. Killed from outside, out of memory or aborted by native code is worth another try;
 * an exit code of its own, such as a module that does not load, would only come again.
 */
export class ModelProcessDiedError extends Error {
  readonly retryable: boolean;
  constructor(
    readonly job: string,
    readonly exitCode: number | null,
    readonly signal: NodeJS.Signals | null,
    readonly stderrTail: string,
  ) {
    const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`;
    const hint = signal === 'SIGKILL' ? '; if nobody killed it, memory ran out: lower the batch size' : '';
    super(`model process: ${job} ended ${how} before its result${hint}${stderrTail && `; last output: ${stderrTail}`}`);
    this.name = 'ModelProcessDiedError';
    this.retryable = signal !== null;
  }
}

/** No progress for too long; the process was killed. Worth another try. */
export class ModelProcessStalledError extends Error {
  readonly retryable = true;
  constructor(
    readonly job: string,
    readonly stallTimeoutMs: number,
  ) {
    super(
      `model process: ${job} told of no progress for ${stallTimeoutMs} ms and was killed; it goes on from its last checkpoint`,
    );
    this.name = 'ModelProcessStalledError';
  }
}

/** The job was cancelled; the process is gone. */
export class ModelProcessCancelledError extends Error {
  readonly retryable = false;
  constructor(readonly job: string) {
    super(`model process: ${job} was cancelled`);
    this.name = 'ModelProcessCancelledError';
  }
}

/** An error of the job itself. `name` is that of the job's own error class, its fields are in `details`. */
export class ModelJobError extends Error {
  readonly details: ErrorDescription['details'];
  readonly retryable: boolean;
  constructor(
    readonly job: string,
    readonly description: ErrorDescription,
  ) {
    super(description.message);
    this.name = description.name;
    this.stack = description.stack;
    this.details = description.details;
    this.retryable = description.retryable;
  }
}

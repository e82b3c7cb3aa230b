/** Turns what went wrong into a message for a person, and an exit code. */

import { ApplicationFailure, TemporalFailure, TimeoutFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';

/** Ctrl-C, as shells count it. */
export const interruptedExitCode = 130;
export const failureExitCode = 1;
/** The study ended, but some of its sweep points have no result. */
export const incompleteExitCode = 3;

/** The innermost cause that says something of its own. */
function innermost(error: Error): Error {
  const { cause } = error;
  const isShell =
    error instanceof WorkflowFailedError ||
    (error instanceof TemporalFailure && !(error instanceof ApplicationFailure) && !(error instanceof TimeoutFailure));
  return isShell && cause instanceof Error ? innermost(cause) : error;
}

/** `PolicyError: what happened, what to do`. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = innermost(error);
  const name = inner instanceof ApplicationFailure ? (inner.type ?? 'Error') : inner.name;
  return name === 'Error' ? inner.message : `${name}: ${inner.message}`;
}

export function reportError(error: unknown, verbose: boolean): void {
  const stack = verbose && error instanceof Error ? `\n${error.stack}` : '';
  process.stderr.write(`debias: ${errorMessage(error)}${stack}\n`);
}

/** Turns Ctrl-C, SIGTERM and a closed terminal into a promise, so that a command cleans up. Knows nothing of its work. */

import { interruptedExitCode } from './report-error.js';
import { lockDataFolder } from './run-lock.js';

export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

export interface Interruption {
  /** Aborted at the first signal, by an InterruptedError. */
  readonly signal: AbortSignal;
  /** Rejects at the same moment. */
  readonly interrupted: Promise<never>;
  off(): void;
}

/** A second Ctrl-C or SIGTERM ends the process at once, as usual. */
export function watchSignals(): Interruption {
  const controller = new AbortController();
  const { signal } = controller;
  const interrupted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
  interrupted.catch(() => {});
  const interrupt = (): void => {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    controller.abort(new InterruptedError('interrupted'));
  };
  // A closed terminal is told of by the shell and by the kernel: the second time must not end the cleaning up.
  const hangUp = (): void => interrupt();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', hangUp);
  const off = () => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGHUP', hangUp);
  return { signal, interrupted, off };
}

/**
 * Holds the data folder while `work` runs. What `work` throws after a signal counts as the interruption.
 * @param command the one that does it again
 * @throws DataFolderBusyError, and what `work` throws without a signal
 */
export async function inDataFolder(
  home: string,
  command: string,
  work: (interruption: Interruption) => Promise<void>,
): Promise<void> {
  const unlock = lockDataFolder(home);
  const interruption = watchSignals();
  try {
    await work(interruption);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.stderr.write(`\ninterrupted before anything ran. Go on with: ${command}\n`);
    process.exitCode = interruptedExitCode;
  } finally {
    unlock();
    interruption.off();
  }
}

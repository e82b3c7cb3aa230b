/** Waits for a run's result through moments in which the Temporal server does not answer. Knows no workflow. */

import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@temporalio/client';

export class ServerSilentError extends Error {
  override readonly name = 'ServerSilentError';
  constructor(
    readonly silentMs: number,
    cause: Error,
  ) {
    super(
      `expected the Temporal server to answer, but for ${Math.round(silentMs / 1000)} s it did not (${cause.message}); ` +
        'nothing is lost: give the same command again',
      { cause },
    );
  }
}

export interface ResultPatience {
  /** How long the server may be silent. */
  readonly silenceMs: number;
  /** Between two questions. */
  readonly pauseMs: number;
}

/**
 * A loaded machine may leave a long poll without an answer though the run goes on, so the question is asked again.
 * @throws ServerSilentError when the server has been silent for too long, and whatever the run itself failed with
 */
export async function resultOf<T>(
  handle: { result(): Promise<T> },
  { silenceMs, pauseMs }: ResultPatience = { silenceMs: 60_000, pauseMs: 1_000 },
): Promise<T> {
  let silentSinceMs: number | undefined;
  for (;;) {
    const askedMs = performance.now();
    try {
      return await handle.result();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const nowMs = performance.now();
      // A question that stood for so long was answered in between.
      if (silentSinceMs === undefined || nowMs - askedMs > silenceMs) silentSinceMs = nowMs;
      if (nowMs - silentSinceMs >= silenceMs) throw new ServerSilentError(nowMs - silentSinceMs, error);
      await sleep(pauseMs, undefined, { ref: false });
    }
  }
}

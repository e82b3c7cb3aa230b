/** Notices that the Temporal server of a data folder is gone. Knows nothing of who uses it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { findTemporalServer } from '../infra/temporal-server.js';

export class ServerEndedError extends Error {
  override readonly name = 'ServerEndedError';
  constructor(readonly home: string) {
    super(`the Temporal server of ${home} has ended; nothing is lost: give the same command again`);
  }
}

export interface ServerWatch {
  /** Rejects with a ServerEndedError, within seconds. */
  readonly lost: Promise<never>;
  stop(): void;
}

const intervalMs = 1_000;
/** A loaded machine may once fail to tell of a process that lives. */
const missesToBelieve = 2;

export function watchServer(home: string): ServerWatch {
  let watching = true;
  const watch = async (): Promise<never> => {
    for (let misses = 0; ;) {
      await sleep(intervalMs, undefined, { ref: false });
      if (!watching) return new Promise(() => {});
      misses = (await findTemporalServer(home)) === undefined ? misses + 1 : 0;
      if (misses >= missesToBelieve) throw new ServerEndedError(home);
    }
  };
  const lost = watch();
  lost.catch(() => {});
  return { lost, stop: () => void (watching = false) };
}

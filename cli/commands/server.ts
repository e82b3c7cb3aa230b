/** `debias server`: keeps this data folder's Temporal server and web page open, or ends one that was left behind. */

import { readEnvironment } from '../../config/environment.js';
import { findTemporalServer } from '../../infra/temporal-server.js';
import { watchSignals } from '../interruption.js';
import { lockDataFolder } from '../run-lock.js';
import { openSession, type Session } from '../session.js';

export interface ServerOptions {
  readonly stop?: boolean | undefined;
}

/** @throws ServerEndedError where the server ends by itself */
async function keepOpen(): Promise<void> {
  const { signal, interrupted, off } = watchSignals();
  // Signal handlers alone do not keep a process running.
  const alive = setInterval(() => {}, 60_000);
  let session: Session | undefined;
  try {
    session = await openSession(readEnvironment(), (line) => process.stderr.write(`${line}\n`), signal);
    const { temporal, lost } = session;
    process.stdout.write(
      `Temporal ${temporal.address} · web page ${temporal.uiAddress ?? '(unknown)'} · Ctrl-C ends it\n`,
    );
    await Promise.race([interrupted, lost]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(alive);
    await session?.close();
    off();
  }
}

/** Ends the server of this data folder alone; its database stays. */
async function endLeftBehind(home: string): Promise<void> {
  const server = await findTemporalServer(home);
  await server?.stop();
  process.stdout.write(
    server
      ? `ended the Temporal server at ${server.address} (process ${server.pid}); its database stays\n`
      : `no Temporal server of ${home} runs\n`,
  );
}

/** @throws DataFolderBusyError where another command uses the server */
export async function serveTemporal({ stop }: ServerOptions): Promise<void> {
  const { home } = readEnvironment();
  const unlock = lockDataFolder(home);
  try {
    await (stop ? endLeftBehind(home) : keepOpen());
  } finally {
    unlock();
  }
}

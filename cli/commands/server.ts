/** `debias server`: keeps this data folder's Temporal server and web page open, or ends one that was left behind. */

import { readEnvironment } from '../../config/environment.js';
import { findTemporalServer } from '../../infra/temporal-server.js';
import { lockDataFolder } from '../run-lock.js';
import { openSession } from '../session.js';

export interface ServerOptions {
  readonly stop?: boolean | undefined;
}

async function keepOpen(): Promise<void> {
  const environment = readEnvironment();
  const session = await openSession(environment, (line) => process.stderr.write(`${line}\n`));
  // Signal handlers alone do not keep a process running.
  const alive = setInterval(() => {}, 60_000);
  const stopped = new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  process.stdout.write(
    `Temporal ${session.temporal.address} · web page ${session.temporal.uiAddress ?? '(unknown)'} · Ctrl-C ends it\n`,
  );
  await stopped;
  clearInterval(alive);
  await session.close();
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

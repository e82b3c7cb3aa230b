/** `debias server`: keeps this data folder's Temporal server and web page open, to look at histories or to serve workers. */

import { readEnvironment } from '../../config/environment.js';
import { lockDataFolder } from '../run-lock.js';
import { openSession } from '../session.js';

export async function serveTemporal(): Promise<void> {
  const environment = readEnvironment();
  const unlock = lockDataFolder(environment.home);
  try {
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
  } finally {
    unlock();
  }
}

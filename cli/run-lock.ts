/** One `debias run` a data folder: a second one is told who is there. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../infra/durable-file.js';
import { isAlive, processStart } from '../infra/process-identity.js';

export class DataFolderBusyError extends Error {
  override readonly name = 'DataFolderBusyError';
  constructor(
    readonly home: string,
    readonly pid: number,
  ) {
    super(
      `${home}: another debias (process ${pid}) works here; follow it with \`debias status --watch\`, or use another folder: DEBIAS_HOME=FOLDER`,
    );
  }
}

/** Nothing can be written where the data folder is to be. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  constructor(home: string, cause: Error) {
    super(
      `${home}: expected a folder that can be written to, got ${cause.message}; make it one, or use another: DEBIAS_HOME=FOLDER`,
      { cause },
    );
  }
}

const lockFile = (home: string) => join(home, 'run.lock');

/** @returns whether the lock was free */
function tryCreate(home: string): boolean {
  try {
    mkdirSync(home, { recursive: true });
    writeFileSync(lockFile(home), `${process.pid} ${processStart(process.pid)}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (existsSync(lockFile(home)) && hasCode(error, 'EEXIST')) return false;
    throw error instanceof Error ? new DataFolderError(home, error) : error;
  }
}

/** Process that works in the folder; undefined where none does. Ids are given out again, so its start must be the same as well. */
export function lockHolder(home: string): number | undefined {
  const file = lockFile(home);
  const [id, start = ''] = existsSync(file) ? readFileSync(file, 'utf8').split(/ (.*)/s) : [];
  const pid = Number(id);
  return pid > 0 && isAlive(pid) && processStart(pid) === start ? pid : undefined;
}

/**
 * Takes the folder; a lock whose process is gone gives way.
 * @returns releases it
 * @throws DataFolderBusyError @throws DataFolderError
 */
export function lockDataFolder(home: string): () => void {
  while (!tryCreate(home)) {
    const pid = lockHolder(home);
    if (pid !== undefined) throw new DataFolderBusyError(home, pid);
    rmSync(lockFile(home), { force: true });
  }
  return () => rmSync(lockFile(home), { force: true });
}

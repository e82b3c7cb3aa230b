/** One `debias run` a data folder: a second one is told who is there. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function tryCreate(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Process that works in the folder; undefined where none does. */
export function lockHolder(home: string): number | undefined {
  const file = join(home, 'run.lock');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return pid > 0 && isAlive(pid) ? pid : undefined;
}

/** Takes the folder; a lock whose process is gone gives way. @returns releases it. @throws DataFolderBusyError */
export function lockDataFolder(home: string): () => void {
  mkdirSync(home, { recursive: true });
  const file = join(home, 'run.lock');
  while (!tryCreate(file)) {
    const pid = lockHolder(home);
    if (pid !== undefined) throw new DataFolderBusyError(home, pid);
    rmSync(file, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/** Where things lie in the data folder. */

import { join } from 'node:path';

export const queuePrefix = 'debias';

export function runFolder(home: string, runId: string): string {
  return join(home, 'runs', runId);
}

export class RunNameError extends Error {
  override readonly name = 'RunNameError';
  constructor(readonly runName: string) {
    super(
      `--run: expected a name of 1 to 100 bytes without slashes and control characters, and not newest, got ${JSON.stringify(runName).slice(0, 120)}; choose another`,
    );
  }
}

/** A run's name is a folder's, below the data folder's `runs`. @throws RunNameError */
export function checkRunName(name: string): string {
  const isFolderName = /^[^/\\\p{Cc}]+$/u.test(name) && name !== '.' && name !== '..' && name.trim() === name;
  if (isFolderName && name !== 'newest' && Buffer.byteLength(name) <= 100) return name;
  throw new RunNameError(name);
}

export function workerLogFile(home: string): string {
  return join(home, 'logs', 'worker.jsonl');
}

const workflowPrefix = 'pipeline/';

export function workflowIdOf(runId: string): string {
  return `${workflowPrefix}${runId}`;
}

export function runIdOf(workflowId: string): string {
  return workflowId.startsWith(workflowPrefix) ? workflowId.slice(workflowPrefix.length) : workflowId;
}

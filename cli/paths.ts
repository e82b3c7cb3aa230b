/** Where things lie in the data folder. */

import { join } from 'node:path';

export const queuePrefix = 'debias';

export function runFolder(home: string, runId: string): string {
  return join(home, 'runs', runId);
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

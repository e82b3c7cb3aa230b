/** Where things lie in the data folder. */

import { join } from 'node:path';

export const queuePrefix = 'debias';

export function runFolder(home: string, runId: string): string {
  return join(home, 'runs', runId);
}

export function workerLogFile(home: string): string {
  return join(home, 'logs', 'worker.jsonl');
}

export function workflowIdOf(runId: string): string {
  return `pipeline/${runId}`;
}

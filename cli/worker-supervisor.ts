/** Keeps an embedded worker running: one that dies is replaced, unless workers die as fast as they start. */

import type { WorkerSettings } from '../workers/settings.js';
import { startWorkerProcess, type WorkerProcess } from './worker-process.js';

export interface WorkerSupervisor {
  /** Rejects when workers cannot be kept alive. */
  readonly failed: Promise<never>;
  /** @param patienceMs how long the worker may take to hand its work back before it is killed */
  stop(patienceMs: number): Promise<void>;
}

/** Workers died again and again: something is wrong that another start does not mend. */
export class WorkerKeepsDyingError extends Error {
  override readonly name = 'WorkerKeepsDyingError';
  constructor(
    readonly how: string,
    readonly logFile: string | undefined,
  ) {
    super(
      `worker: it ended ${maxQuickDeaths} times in a row soon after its start, last with ${how}${logFile ? `; its log is ${logFile}` : ''}`,
    );
  }
}

const maxQuickDeaths = 5;
const quickMs = 10_000;

/** Resolves when the first worker is ready. */
export async function superviseWorker(
  settings: WorkerSettings,
  onReplaced: (how: string) => void,
): Promise<WorkerSupervisor> {
  let worker: WorkerProcess = await startWorkerProcess(settings);
  let stopping = false;
  const keep = async (): Promise<never> => {
    for (let quickDeaths = 0; ;) {
      const startedAtMs = performance.now();
      const how = await worker.died;
      if (stopping) return new Promise(() => {});
      quickDeaths = performance.now() - startedAtMs < quickMs ? quickDeaths + 1 : 0;
      if (quickDeaths >= maxQuickDeaths) throw new WorkerKeepsDyingError(how, settings.logFile);
      onReplaced(how);
      worker = await startWorkerProcess(settings);
    }
  };
  const failed = keep();
  failed.catch(() => {});
  return {
    failed,
    async stop(patienceMs) {
      stopping = true;
      await worker.stop(patienceMs);
    },
  };
}

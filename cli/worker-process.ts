/** The embedded worker as the command line sees it: one child process that is started, watched and stopped. */

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkerSettings } from '../workers/settings.js';

export interface WorkerProcess {
  readonly pid: number;
  /** Resolves with the way it ended, when it ends without being asked. */
  readonly died: Promise<string>;
  /** Asks it to stop, and insists after `patienceMs`. */
  stop(patienceMs: number): Promise<void>;
}

export class WorkerStartError extends Error {
  override readonly name = 'WorkerStartError';
  constructor(
    readonly problem: string,
    readonly logFile: string | undefined,
  ) {
    super(`worker: could not start: ${problem}${logFile ? `; its log is ${logFile}` : ''}`);
  }
}

type WorkerMessage = { readonly type: 'ready' } | { readonly type: 'failed'; readonly message: string };

function started(child: ChildProcess, settings: WorkerSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: WorkerMessage) => {
      if (message.type === 'ready') resolve();
      else reject(new WorkerStartError(message.message, settings.logFile));
    });
    child.once('exit', (code, signal) =>
      reject(new WorkerStartError(`it ended with ${signal ?? `code ${code}`}`, settings.logFile)),
    );
    child.send(settings);
  });
}

export async function startWorkerProcess(settings: WorkerSettings): Promise<WorkerProcess> {
  const child = fork(fileURLToPath(new URL('../workers/main.js', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)),
  );
  await started(child, settings);
  return {
    pid: child.pid ?? 0,
    died: exited,
    async stop(patienceMs) {
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await exited;
      clearTimeout(insist);
    },
  };
}

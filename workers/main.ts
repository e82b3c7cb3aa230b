/** The worker process that `debias run` starts: settings come over the channel, and it ends with the process that started it. */

import { startWorker, type RunningWorker } from './worker.js';
import type { WorkerSettings } from './settings.js';

let worker: RunningWorker | undefined;

function stop(): void {
  if (worker) worker.stop();
  else process.exit(0);
}

process.on('SIGTERM', stop);
// Ctrl-C reaches the whole group; the parent decides when the worker stops.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(1));
process.once('message', (settings: WorkerSettings) => {
  startWorker(settings)
    .then(async (running) => {
      worker = running;
      process.send?.({ type: 'ready' });
      await running.finished;
      process.exit(0);
    })
    .catch((error: unknown) => {
      process.send?.({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      process.exitCode = 1;
      setTimeout(() => process.exit(1), 200);
    });
});

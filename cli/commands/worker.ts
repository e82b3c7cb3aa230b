/** `debias worker`: serves the queues of a server that runs elsewhere, until it is told to stop. */

import { readEnvironment } from '../../config/environment.js';
import { startWorker } from '../../workers/worker.js';
import { queuePrefix } from '../paths.js';
import { attach, NoServerError } from '../session.js';

export async function serve(options: {
  readonly net: number;
  readonly cpu: number;
  readonly model: number;
}): Promise<void> {
  const environment = readEnvironment();
  const attached = await attach(environment);
  await attached?.close();
  if (!attached) throw new NoServerError('worker');
  const worker = await startWorker({
    temporalAddress: attached.address,
    temporalNamespace: environment.temporalNamespace,
    queuePrefix,
    store: environment.store,
    slots: options,
    stallSeconds: 900,
    jobVariables: environment.jobVariables,
    logLevel: environment.logLevel,
  });
  process.once('SIGINT', worker.stop).once('SIGTERM', worker.stop);
  process.stderr.write(
    `serving ${attached.address} (net ${options.net}, cpu ${options.cpu}, model ${options.model}); Ctrl-C stops, and what runs goes on elsewhere\n`,
  );
  await worker.finished;
}

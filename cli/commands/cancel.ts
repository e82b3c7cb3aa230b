/** `debias cancel`: ends a run for good; what its stages finished stays and serves the next run. */

import { readEnvironment } from '../../config/environment.js';
import { workflowIdOf } from '../paths.js';
import { findRun, writeRunRecord } from '../run-record.js';
import { openSession } from '../session.js';
import { lockDataFolder } from '../run-lock.js';
import { attach } from '../session.js';

export async function cancelRun(runId: string | undefined): Promise<void> {
  const environment = readEnvironment();
  const run = findRun(environment.home, runId);
  const attached = await attach(environment);
  if (attached) {
    await attached.client.workflow.getHandle(workflowIdOf(run.runId)).cancel();
    await attached.close();
  } else {
    // Nothing runs: the server is opened to note the end, and closed again.
    const unlock = lockDataFolder(environment.home);
    const session = await openSession(environment, (line) => process.stderr.write(`${line}\n`));
    await session.client.workflow.getHandle(workflowIdOf(run.runId)).cancel();
    await session.close();
    unlock();
  }
  writeRunRecord(environment.home, { ...run, state: 'cancelled' });
  process.stdout.write(`cancelled ${run.runId}; finished stages are kept\n`);
}

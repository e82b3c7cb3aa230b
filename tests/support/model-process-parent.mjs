/** A parent that starts a job and waits: killed by the test, to see that the job's process ends too. */

import { createModelProcess } from '../../dist/infra/model-process.js';

const [storeFolder, file] = process.argv.slice(2);
const processes = createModelProcess({
  entry: new URL('./model-jobs-entry.mjs', import.meta.url),
  store: { kind: 'embedded', folder: storeFolder },
  stallTimeoutMs: 60_000,
});
await processes.run('orphan', { file });

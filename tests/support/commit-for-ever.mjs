/** Commits one checkpoint after the other into the folder given, telling each step, until it is killed. */

import { openCheckpoints } from '../../dist/core/checkpoint/index.js';
import { hostTensor } from '../../dist/core/tensor.js';
import { createEmbeddedStore } from '../../dist/infra/embedded-store.js';

const log = await openCheckpoints(createEmbeddedStore({ folder: process.argv[2] }), 'killed', { fingerprint: 'f' });
for (let step = ((await log.newest())?.step ?? 0) + 1; ; step++) {
  await log.commit({
    step,
    tensors: { w: hostTensor('float32', [50_000], new Float32Array(50_000).fill(step)) },
    state: step,
  });
  process.send(step);
}

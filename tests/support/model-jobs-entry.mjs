/** A model process with jobs that behave in all the ways a real one can. */

import { writeFileSync } from 'node:fs';
import { runModelJob } from '../../dist/workers/model-process-child.js';

class LossDivergedError extends Error {
  name = 'LossDivergedError';
  retryable = false;
  step = 7;
}

const forEver = (context) =>
  new Promise(() => {
    let done = 0;
    setInterval(() => context.progress({ done: ++done, total: 1e9, unit: 'steps', metrics: { pid: process.pid } }), 20);
  });

runModelJob({
  async double(input, context) {
    for (let done = 1; done <= 1000; done++) context.progress({ done, total: 1000, unit: 'steps', metrics: {} });
    context.log('info', 'doubling', { n: input.values.length });
    return { values: input.values.map((value) => value * 2), ref: await context.store.putBlob(Buffer.from('kept')) };
  },
  environment: async () => ({ ...process.env }),
  forEver: (input, context) => forEver(context),
  silent: (input, context) => {
    context.progress({ done: 1, total: 2, unit: 'steps', metrics: { pid: process.pid } });
    return new Promise(() => setInterval(() => {}, 1000));
  },
  /** Blocks its event loop, as a run of the native library does. */
  async blocked(input) {
    const until = performance.now() + input.ms;
    while (performance.now() < until);
    return 'done';
  },
  diverge: () => Promise.reject(new LossDivergedError('loss is NaN at step 7')),
  abort: async () => process.abort(),
  async exit() {
    process.stderr.write('out of luck\n');
    process.exit(3);
  },
  async outOfMemory() {
    const kept = [];
    for (;;) kept.push(Array.from({ length: 1e6 }, (_, i) => i + kept.length));
  },
  /** Writes its process id, then goes on for ever: for tests that kill the parent. */
  orphan(input, context) {
    writeFileSync(input.file, String(process.pid));
    return forEver(context);
  },
});

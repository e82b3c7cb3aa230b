/** Follows a run to its end, showing it all the while. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { LiveView } from './live-view.js';
import { takeSnapshot } from './progress-snapshot.js';

const intervalMs = 500;
const lastPatienceMs = 2_000;

/**
 * Resolves soon after `until` settles, whether or not the server still answers; a poll that fails is tried again, as
 * the server may be away for a moment.
 */
export async function watchRun(
  client: Client,
  workflowId: string,
  view: LiveView,
  until: Promise<unknown>,
): Promise<void> {
  let ended = false;
  let left = false;
  const end = () => {
    ended = true;
  };
  const ending = until.then(end, end);
  const show = () =>
    takeSnapshot(client, workflowId).then(
      (snapshot) => (left ? undefined : view.show(snapshot)),
      () => {},
    );
  while (!ended) {
    await Promise.race([show(), ending]);
    await Promise.race([sleep(intervalMs), ending]);
  }
  await Promise.race([show(), sleep(lastPatienceMs)]);
  left = true;
}

/** Follows a run to its end, showing it all the while. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { LiveView } from './live-view.js';
import { takeSnapshot } from './progress-snapshot.js';

const intervalMs = 500;

/** Resolves when `until` settles; a poll that fails is tried again, as the server may be away for a moment. */
export async function watchRun(
  client: Client,
  workflowId: string,
  view: LiveView,
  until: Promise<unknown>,
): Promise<void> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  until.then(end, end);
  while (!ended) {
    await takeSnapshot(client, workflowId).then(
      (snapshot) => view.show(snapshot),
      () => {},
    );
    await Promise.race([sleep(intervalMs), until.then(end, end)]);
  }
  await takeSnapshot(client, workflowId).then(
    (snapshot) => view.show(snapshot),
    () => {},
  );
}

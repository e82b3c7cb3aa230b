/** Which server a command talks to that starts none. */

import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { attach } from '../../cli/session.js';
import { readEnvironment } from '../../config/environment.js';
import { writeServerState } from '../../infra/server-state.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test("attach leaves alone somebody else's server that has taken the port of the one that ended", async () => {
  const home = await temporaryFolder();
  const address = inject('temporalAddress');
  const state = { pid: process.pid, address, uiAddress: 'http://127.0.0.1:1', startedAt: '2022-01-01T00:00:00.000Z' };
  await writeServerState(join(home, 'server.json'), state);
  expect(await attach(readEnvironment({ DEBIAS_HOME: home }))).toBeUndefined();
});

test('attach takes the server that it is told to take', async () => {
  const address = inject('temporalAddress');
  const attached = await attach(readEnvironment({ DEBIAS_HOME: await temporaryFolder(), TEMPORAL_ADDRESS: address }));
  expect(attached?.address).toBe(address);
  await attached?.close();
});

test('attach says which server does not answer, and what to look at', async () => {
  const environment = readEnvironment({ DEBIAS_HOME: await temporaryFolder(), TEMPORAL_ADDRESS: '127.0.0.1:1' });
  await expect(attach(environment)).rejects.toThrow(/nothing .* answers at 127\.0\.0\.1:1; check TEMPORAL_ADDRESS/);
});

test('attach says that a namespace is missing', async () => {
  const environment = readEnvironment({
    DEBIAS_HOME: await temporaryFolder(),
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: 'nowhere',
  });
  await expect(attach(environment)).rejects.toThrow(/nothing with namespace nowhere answers/);
});

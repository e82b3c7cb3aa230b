/** Opens what a command needs to talk to a study: the Temporal server, a client and, for `run`, a worker. */

import { Client, Connection } from '@temporalio/client';
import type { Environment } from '../config/environment.js';
import { openTemporal, TemporalUnreachableError, type OpenTemporal } from '../infra/open-temporal.js';
import { answers } from '../infra/temporal-health.js';
import { findTemporalServer } from '../infra/temporal-server.js';
import { watchServer, type ServerWatch } from './server-watch.js';

/** A command needs a server that runs already, and none does. */
export class NoServerError extends Error {
  override readonly name = 'NoServerError';
  constructor(readonly command: string) {
    super(
      `${command}: no Temporal server runs: set TEMPORAL_ADDRESS=host:port, or start one here with \`npx debias server\``,
    );
  }
}

export interface Session {
  readonly temporal: OpenTemporal;
  readonly client: Client;
  /** Rejects with a ServerEndedError when the server of this data folder ends; never for somebody else's. */
  readonly lost: Promise<never>;
  /** Closes the connection, and ends the server unless it is somebody else's. */
  close(): Promise<void>;
}

async function connect(environment: Environment, address: string): Promise<{ client: Client; connection: Connection }> {
  const connection = await Connection.connect({ address });
  return { connection, client: new Client({ connection, namespace: environment.temporalNamespace }) };
}

const nobodysConcern: ServerWatch = { lost: new Promise(() => {}), stop: () => {} };

/** Finds, adopts or starts the server. `onProgress` hears of what takes long; `signal` gives up, and leaves nothing. */
export async function openSession(
  environment: Environment,
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<Session> {
  const temporal = await openTemporal({
    address: environment.temporalAddress,
    namespace: environment.temporalNamespace,
    dataFolder: environment.home,
    cacheFolder: environment.cacheFolder,
    binary: environment.temporalBinary,
    port: environment.temporalPort,
    uiPort: environment.temporalUiPort,
    onProgress,
    signal,
  });
  try {
    signal?.throwIfAborted();
    const { client } = await connect(environment, temporal.address);
    const watch = temporal.kind === 'external' ? nobodysConcern : watchServer(environment.home);
    return {
      temporal,
      client,
      lost: watch.lost,
      // The connection is left to the end of the process: a call that still waits would break when it is closed.
      close() {
        watch.stop();
        return temporal.stop();
      },
    };
  } catch (error) {
    await temporal.stop();
    throw error;
  }
}

export interface Attached {
  readonly address: string;
  readonly client: Client;
  close(): Promise<void>;
}

/**
 * A client of the server that runs already, or undefined when none does; it starts nothing.
 * @throws TemporalUnreachableError where the server that the environment names does not answer
 */
export async function attach(environment: Environment): Promise<Attached | undefined> {
  const { temporalAddress: named, temporalNamespace: namespace, home } = environment;
  if (named !== undefined && !(await answers(named, namespace))) throw new TemporalUnreachableError(named, namespace);
  // A note of a server that has ended is no reason to wait for it, nor to talk to whoever has its port now.
  const address = named ?? (await findTemporalServer(home))?.address;
  if (address === undefined) return undefined;
  try {
    const { client, connection } = await connect(environment, address);
    return { address, client, close: () => connection.close() };
  } catch (error) {
    if (named === undefined) return undefined;
    throw error;
  }
}

/** Free ports on the loopback interface. Knows nothing of who will use them. */

import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './durable-file.js';

export class PortInUseError extends Error {
  constructor(
    readonly port: number,
    readonly purpose: string,
  ) {
    super(`${purpose}: port ${port} is in use by another program; stop that program or choose another port`);
    this.name = 'PortInUseError';
  }
}

function isPortFree(port: number): Promise<boolean> {
  return tryListen(port).then((got) => got !== undefined);
}

/** A port that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const port = await tryListen(0);
  if (port === undefined) throw new Error('freePort: the system gave no port');
  return port;
}

export interface PortWishes {
  readonly fixed?: number | undefined;
  readonly preferred?: number | undefined;
}

// The system closes the sockets of a process that was killed a moment after the process is gone.
const patienceMs = 3_000;

/** The fixed port if there is one, else the preferred one if it is free, else any. @throws PortInUseError */
export async function choosePort(purpose: string, { fixed, preferred }: PortWishes): Promise<number> {
  const wished = fixed ?? preferred;
  if (wished === undefined) return freePort();
  const until = performance.now() + patienceMs;
  while (!(await isPortFree(wished))) {
    if (performance.now() < until) await sleep(50);
    else if (fixed === undefined) return freePort();
    else throw new PortInUseError(fixed, purpose);
  }
  return wished;
}

function tryListen(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (hasCode(error, 'EADDRINUSE') ? resolve(undefined) : reject(error)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

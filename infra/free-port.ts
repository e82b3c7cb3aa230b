/** Free ports on the loopback interface. Knows nothing of who will use them. */

import { createServer } from 'node:net';
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

export function isPortFree(port: number): Promise<boolean> {
  return tryListen(port).then((got) => got !== undefined);
}

/** A port that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const port = await tryListen(0);
  if (port === undefined) throw new Error('freePort: the system gave no port');
  return port;
}

/** The fixed port if there is one, else the preferred one if it is free, else any. @throws PortInUseError */
export async function choosePort(
  purpose: string,
  { fixed, preferred }: { readonly fixed?: number | undefined; readonly preferred?: number | undefined },
): Promise<number> {
  if (fixed !== undefined) {
    if (!(await isPortFree(fixed))) throw new PortInUseError(fixed, purpose);
    return fixed;
  }
  return preferred !== undefined && (await isPortFree(preferred)) ? preferred : freePort();
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

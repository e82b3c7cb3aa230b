import { createServer, type RequestListener } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createDeadlineTransport } from '../../infra/deadline-transport.js';
import { freePort } from '../../infra/free-port.js';

let close = (): void => {};
afterEach(() => close());

async function serve(listener: RequestListener): Promise<number> {
  const port = await freePort();
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return port;
}

/** Sends a request and reads the whole answer. */
async function get(port: number): Promise<string> {
  const transport = createDeadlineTransport(false, { baseMs: 300, floorBytesPerSecond: 1e6 });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    transport.request({ host: '127.0.0.1', port, path: '/object' }, resolve).on('error', reject).end();
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

describe('createDeadlineTransport', () => {
  it('createDeadlineTransport passes answers through', async () => {
    expect(await get(await serve((request, response) => response.end(`you asked for ${request.url}`)))).toBe(
      'you asked for /object',
    );
  });

  it('createDeadlineTransport ends a request that is never answered', async () => {
    const failure = get(await serve(() => {}));
    await expect(failure).rejects.toMatchObject({
      name: 'DeadlineError',
      method: 'GET',
      path: '/object',
      deadlineMs: 300,
    });
  });

  it('createDeadlineTransport ends an answer that only drips', async () => {
    const port = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      const drip = setInterval(() => response.write('.'), 50);
      request.on('close', () => clearInterval(drip));
    });
    await expect(get(port)).rejects.toThrow('no complete answer within 301 ms');
  });
});

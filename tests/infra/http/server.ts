/** A server on loopback that answers as each test wishes. */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestServer {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly paths: string[];
  close(): Promise<void>;
}

export type Routes = Readonly<
  Record<string, (response: ServerResponse, request: IncomingMessage, visit: number) => void>
>;

/** `visit` counts the requests for a path from 1. Paths without a route are answered with 404. */
export async function startServer(routes: Routes): Promise<TestServer> {
  const paths: string[] = [];
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? '/';
    paths.push(path);
    const route = routes[path];
    if (route) route(response, request, paths.filter((other) => other === path).length);
    else response.writeHead(404).end();
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    paths,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

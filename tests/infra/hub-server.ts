/** Two servers on loopback that imitate a model hub and the place where it keeps large files. */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly host: 'hub' | 'storage';
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** What one answer does wrong; `visit` counts the requests for a path from 1. */
export interface Faults {
  /** Closes the connection after so many bytes of the body. */
  cutAfterBytes?(path: string, visit: number): number | undefined;
  /** Answers with a status alone. */
  status?(path: string, visit: number): number | undefined;
  ignoreRanges?: boolean;
  /** Sends other bytes than it announces. */
  corrupt?(path: string, visit: number): boolean;
  /** Where a request for a file is sent, instead of to the storage. */
  location?(path: string): string | undefined;
  withoutDigests?: boolean;
}

export interface HubServer {
  readonly endpoint: string;
  readonly asked: Asked[];
  faults: Faults;
  close(): Promise<void>;
}

export const commit = '0123456789abcdef0123456789abcdef01234567';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const blobId = (bytes: Uint8Array) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
const isLarge = (name: string) => /\.(safetensors|bin|model)$/.test(name);

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** @param files of the one model `org/small`, by name @param token when given, nothing is answered without it */
export async function startHub(files: Readonly<Record<string, Uint8Array>>, token?: string): Promise<HubServer> {
  const asked: Asked[] = [];
  const hub: { faults: Faults } = { faults: {} };
  const visits = (path: string) => asked.filter((other) => other.path === path).length;

  function note(host: Asked['host'], request: IncomingMessage): string {
    const path = request.url ?? '/';
    asked.push({ host, path, range: request.headers.range, authorization: request.headers.authorization });
    return path;
  }

  function send(request: IncomingMessage, response: ServerResponse, path: string, content: Uint8Array, etag: string) {
    const bytes = hub.faults.corrupt?.(path, visits(path)) ? Buffer.alloc(content.length, 'x') : content;
    const range = hub.faults.ignoreRanges ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    const from = Number(range ?? 0);
    const tag = hub.faults.withoutDigests ? {} : { etag: `"${etag}"` };
    if (range !== undefined && from >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}`, ...tag }).end();
      return;
    }
    const place = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    const headers = { 'content-length': bytes.length - from, ...tag, ...(range === undefined ? {} : place) };
    response.writeHead(range === undefined ? 200 : 206, headers);
    const cut = hub.faults.cutAfterBytes?.(path, visits(path));
    if (cut === undefined) response.end(bytes.subarray(from));
    else response.write(bytes.subarray(from, from + cut), () => setTimeout(() => response.destroy(), 20));
  }

  const storage = createServer((request, response) => {
    const path = note('storage', request);
    const content = files[path.slice('/objects/'.length)];
    if (content) send(request, response, path, content, sha256(Buffer.from('no digest of the content')));
    else response.writeHead(404).end();
  });
  const storageAddress = await listen(storage);

  function listing() {
    const digests = (name: string, bytes: Uint8Array) => {
      if (hub.faults.withoutDigests) return {};
      return isLarge(name)
        ? { blobId: blobId(Buffer.from('pointer')), lfs: { sha256: sha256(bytes) } }
        : { blobId: blobId(bytes) };
    };
    const siblings = Object.entries(files).map(([rfilename, bytes]) => ({ rfilename, ...digests(rfilename, bytes) }));
    return JSON.stringify({ sha: commit, siblings });
  }

  function answer(path: string, request: IncomingMessage, response: ServerResponse): void {
    if (/^\/api\/models\/org\/small\/revision\/[^/]+\?blobs=true$/.test(path)) return void response.end(listing());
    const name = decodeURIComponent(path.slice(`/org/small/resolve/${commit}/`.length));
    const content = path.startsWith(`/org/small/resolve/${commit}/`) ? files[name] : undefined;
    if (!content) return void response.writeHead(404).end();
    if (!isLarge(name)) return send(request, response, path, content, blobId(content));
    const linked = hub.faults.withoutDigests ? {} : { 'x-linked-etag': `"${sha256(content)}"` };
    const location = hub.faults.location?.(path) ?? `${storageAddress}/objects/${name}`;
    return void response.writeHead(302, { location, 'x-repo-commit': commit, ...linked }).end();
  }

  const main = createServer((request, response) => {
    const path = note('hub', request);
    const status = hub.faults.status?.(path, visits(path));
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end();
    else if (status !== undefined) response.writeHead(status, { 'retry-after': '0' }).end();
    else answer(path, request, response);
  });
  const endpoint = await listen(main);
  return Object.assign(hub, {
    endpoint,
    asked,
    close: async () => void (await Promise.all([stop(main), stop(storage)])),
  });
}

/** HTTP requests that end: minio-js waits for ever for a server that has stopped answering. Knows nothing of S3. */

import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import http from 'node:http';
import https from 'node:https';

export interface DeadlineSettings {
  /** Allowed for a request and its answer, whatever their sizes. */
  readonly baseMs: number;
  /** The slowest line that is worth waiting for: bytes allow more time at this rate. */
  readonly floorBytesPerSecond: number;
}

class DeadlineError extends Error {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly deadlineMs: number,
  ) {
    super(`${method} ${path}: no complete answer within ${deadlineMs} ms`);
    this.name = 'DeadlineError';
  }
}

type OnResponse = (response: IncomingMessage) => void;

/** Destroys a request whose answer is late, its body included; the error comes out where it is awaited. */
export function createDeadlineTransport(useSsl: boolean, settings: DeadlineSettings): Pick<typeof http, 'request'> {
  const send = useSsl ? https.request : http.request;
  function request(options: RequestOptions | string | URL, onResponse?: OnResponse): ClientRequest;
  function request(url: string | URL, options: RequestOptions, onResponse?: OnResponse): ClientRequest;
  function request(
    first: RequestOptions | string | URL,
    second?: RequestOptions | OnResponse,
    third?: OnResponse,
  ): ClientRequest {
    const isUrl = typeof first === 'string' || first instanceof URL;
    const sent = isUrl && typeof second === 'object' ? send(first, second, third) : send(first, onlyCallback(second));
    return withDeadline(sent, settings);
  }
  return { request };
}

function withDeadline(request: ClientRequest, settings: DeadlineSettings): ClientRequest {
  let timer = arm(request, request, allowedMs(settings, request.getHeader('content-length')));
  request.on('response', (response) => {
    clearTimeout(timer);
    timer = arm(request, response, allowedMs(settings, response.headers['content-length']));
    response.on('close', () => clearTimeout(timer));
  });
  request.on('close', () => clearTimeout(timer));
  return request;
}

function arm(request: ClientRequest, target: ClientRequest | IncomingMessage, deadlineMs: number): NodeJS.Timeout {
  const error = new DeadlineError(request.method, request.path, deadlineMs);
  return setTimeout(() => target.destroy(error), deadlineMs);
}

function allowedMs({ baseMs, floorBytesPerSecond }: DeadlineSettings, contentLength: unknown): number {
  const sizeBytes = Number(contentLength ?? 0);
  return baseMs + Math.ceil((1000 * (Number.isFinite(sizeBytes) ? sizeBytes : 0)) / floorBytesPerSecond);
}

function onlyCallback(value: RequestOptions | OnResponse | undefined): OnResponse | undefined {
  return typeof value === 'function' ? value : undefined;
}

/** One request and its answer as bytes: deadlines, decompression, size. Knows no retries, redirects or politeness. */

import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import type { Dispatcher } from 'undici';
import { request } from 'undici';

import { BodyTooLargeError, ContentEncodingError } from '../../core/sources/errors.js';
import type { HttpResponse } from '../../core/sources/http.js';

export interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the exchange, its body included. */
  readonly signal: AbortSignal;
  /** Longest silence, before the headers and between two pieces of the body. */
  readonly idleTimeoutMs: number;
  /** Decompressed. */
  readonly maxBytes: number;
  /** What a body past `maxBytes` leads to. */
  readonly tooLarge: 'throw' | 'cut';
}

const decoders = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;

function isKnown(encoding: string): encoding is keyof typeof decoders {
  return Object.hasOwn(decoders, encoding);
}

/** At most one encoding: stacked ones serve only those who want to fill memories. */
function decoded(body: Readable, encoding: string, url: string): Readable {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  if (!isKnown(name)) throw new ContentEncodingError(url, `the encoding ${name}`);
  // The reader of the returned stream sees every error, so the callback has nothing to add.
  return pipeline(body, decoders[name](), () => undefined);
}

async function collect(body: Readable, url: string, { maxBytes, tooLarge }: ExchangeOptions): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) continue;
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes <= maxBytes) continue;
    if (tooLarge === 'throw') throw new BodyTooLargeError(url, maxBytes);
    break;
  }
  return new Uint8Array(Buffer.concat(pieces).subarray(0, maxBytes));
}

function plainHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function isZlibError(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && /^(?:Z_|ERR_BROTLI|ERR__ERROR|ERR_PADDING)/.test(String(error.code))
  );
}

/** @throws BodyTooLargeError, ContentEncodingError, and whatever the connection fails with. */
export async function exchange(url: URL, options: ExchangeOptions): Promise<HttpResponse> {
  const answer = await request(url, {
    dispatcher: options.dispatcher,
    method: 'GET',
    headers: options.headers,
    signal: options.signal,
    headersTimeout: options.idleTimeoutMs,
    bodyTimeout: options.idleTimeoutMs,
  });
  const headers = plainHeaders(answer.headers);
  try {
    const stream = decoded(answer.body, headers['content-encoding'] ?? '', url.href);
    return { status: answer.statusCode, headers, body: await collect(stream, url.href, options), url: url.href };
  } catch (error) {
    throw isZlibError(error) ? new ContentEncodingError(url.href, error.message) : error;
  } finally {
    answer.body.on('error', () => undefined).destroy();
  }
}

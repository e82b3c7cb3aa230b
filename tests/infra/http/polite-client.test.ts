import type { ServerResponse } from 'node:http';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from 'vitest';

import {
  BodyTooLargeError,
  ContentEncodingError,
  HttpStatusError,
  RedirectError,
  RobotsDeniedError,
  SsrfBlockedError,
  UnreachableError,
} from '../../../core/sources/errors.js';
import type { PoliteClientSettings } from '../../../infra/http/polite-client.js';
import { createPoliteClient } from '../../../infra/http/polite-client.js';
import type { Routes, TestServer } from './server.js';
import { startServer } from './server.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open(routes: Routes, more: Partial<PoliteClientSettings> = {}) {
  const server = await startServer(routes);
  const client = clientFor(server, more);
  closers.push(() => server.close());
  return { server, client, get: (path: string) => client.get(server.url + path) };
}

function clientFor(server: TestServer, more: Partial<PoliteClientSettings> = {}) {
  const client = createPoliteClient({
    userAgent: 'debias/0.1 (test)',
    requestsPerSecond: 1_000,
    concurrency: 4,
    timeoutMs: 4_000,
    maxBytes: 100_000,
    attempts: 2,
    baseUrls: [server.url],
    ...more,
  });
  closers.unshift(() => client.close());
  return client;
}

const text = (body: Uint8Array): string => new TextDecoder().decode(body);

describe('createPoliteClient', () => {
  it('createPoliteClient says who it is and gives back what came', async () => {
    const { get, server, client } = await open({
      '/a': (response, request) =>
        response.setHeader('X-Thing', '1').end(`${request.headers['user-agent']} ${request.headers['referer']}`),
    });
    const answer = await client.get(`${server.url}/a`, { headers: { referer: 'http://from/' } });
    expect(answer).toMatchObject({ status: 200, url: `${server.url}/a`, headers: { 'x-thing': '1' } });
    expect(text(answer.body)).toBe('debias/0.1 (test) http://from/');
    expect((await get('/missing')).status).toBe(404);
    expect(server.paths).toEqual(['/robots.txt', '/a', '/missing']);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('createPoliteClient undoes %s', async (encoding, compress) => {
    const { get } = await open({
      '/a': (response) => response.setHeader('content-encoding', encoding).end(compress('한글')),
    });
    expect(text((await get('/a')).body)).toBe('한글');
  });

  it.each(['gzip', 'br'] as const)(
    'createPoliteClient stops a bomb in %s at the size of what it becomes',
    async (encoding) => {
      const zeros = Buffer.alloc(20_000_000);
      const bomb =
        encoding === 'gzip'
          ? gzipSync(zeros)
          : brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
      const { get } = await open({ '/a': (response) => response.setHeader('content-encoding', encoding).end(bomb) });
      await expect(get('/a')).rejects.toThrow(BodyTooLargeError);
    },
  );

  it.each([
    ['gzip, gzip', gzipSync('x')],
    ['compress', Buffer.from('x')],
    ['gzip', Buffer.from('no gzip')],
  ])('createPoliteClient refuses the encoding %s', async (encoding, body) => {
    const { get } = await open({ '/a': (response) => response.setHeader('content-encoding', encoding).end(body) });
    await expect(get('/a')).rejects.toThrow(ContentEncodingError);
  });

  it('createPoliteClient ends a body that does not end', async () => {
    const { get } = await open({
      '/a': (response) => {
        const more = (): void =>
          void (response.destroyed || response.write('x'.repeat(10_000), () => setImmediate(more)));
        more();
      },
    });
    await expect(get('/a')).rejects.toThrow(/at most 100000 bytes/);
  });

  it('createPoliteClient gives up on a drip and on silence', async () => {
    const drip = await open(
      { '/a': (response) => void setInterval(() => response.write('x'), 50).unref() },
      { timeoutMs: 400, attempts: 1 },
    );
    await expect(drip.get('/a')).rejects.toThrow(/whole answer within 400 ms/);
    const silent = await open(
      { '/a': (response) => void response.write('x') },
      { timeoutMs: 30_000, idleTimeoutMs: 300, attempts: 1 },
    );
    await expect(silent.get('/a')).rejects.toThrow(UnreachableError);
  });

  it('createPoliteClient waits as long as Retry-After says, for 429 and 503', async () => {
    const times: number[] = [];
    const { get } = await open({
      '/a': (response, _, visit) => {
        times.push(performance.now());
        if (visit === 1) response.writeHead(429, { 'retry-after': '1' }).end();
        else response.end('now');
      },
    });
    expect(text((await get('/a')).body)).toBe('now');
    expect(times[1]! - times[0]!).toBeGreaterThan(900);
  });

  it('createPoliteClient hands a long wait to its caller', async () => {
    const { get, server } = await open({
      '/a': (response) => response.writeHead(503, { 'retry-after': '3600' }).end(),
    });
    await expect(get('/a')).rejects.toMatchObject({
      name: 'HttpStatusError',
      status: 503,
      retryAfterMs: 3_600_000,
      retryable: true,
    });
    expect(server.paths).toEqual(['/robots.txt', '/a']);
  });

  it('createPoliteClient asks again after 5xx and lost connections, and not for ever', async () => {
    const { get, server } = await open({
      '/once': (response, _, visit) => (visit === 1 ? void response.destroy() : void response.end('well')),
      '/always': (response) => response.writeHead(500).end(),
      '/lost': (response) => response.destroy(),
    });
    expect(text((await get('/once')).body)).toBe('well');
    await expect(get('/always')).rejects.toThrow(HttpStatusError);
    await expect(get('/lost')).rejects.toThrow(UnreachableError);
    expect(server.paths.filter((path) => path === '/always')).toHaveLength(2);
    expect(server.paths.filter((path) => path === '/lost')).toHaveLength(2);
  });

  it('createPoliteClient keeps to the rate', async () => {
    const times: number[] = [];
    const { get } = await open(
      { '/a': (response) => void (times.push(performance.now()), response.end()) },
      { requestsPerSecond: 20 },
    );
    await Promise.all(Array.from({ length: 5 }, () => get('/a')));
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(180);
  });

  it('createPoliteClient stops at its signal', async () => {
    const stop = new AbortController();
    const { get } = await open({ '/a': () => stop.abort(new Error('enough')) }, { signal: stop.signal });
    await expect(get('/a')).rejects.toThrow('enough');
  });
});

describe('createPoliteClient: redirects', () => {
  const to = (location: string) => (response: ServerResponse) => response.writeHead(302, { location }).end();

  it('createPoliteClient follows five and no more', async () => {
    const routes = Object.fromEntries(
      Array.from({ length: 7 }, (_, i) => [
        `/${i}`,
        i === 6 ? (response: ServerResponse) => void response.end('end') : to(`/${i + 1}`),
      ]),
    );
    const { get, server } = await open(routes);
    expect(await get('/1')).toMatchObject({ status: 200, url: `${server.url}/6` });
    await expect(get('/0')).rejects.toThrow(RedirectError);
  });

  it.each([
    'http://127.0.0.1:PORT/canary',
    'http://localhost:PORT/canary',
    'http://[::ffff:127.0.0.1]:PORT/canary',
    'http://2130706433:PORT/canary',
    'http://169.254.169.254/latest',
    'http://[::1]/',
    'file:///etc/passwd',
    'http://0x7f000001/',
  ])('createPoliteClient does not follow into a private network: %s', async (location) => {
    const canary = await startServer({ '/canary': (response) => void response.end('secret') });
    closers.push(() => canary.close());
    const { get } = await open({ '/a': to(location.replace('PORT', new URL(canary.url).port)) });
    await expect(get('/a')).rejects.toThrow(SsrfBlockedError);
    expect(canary.paths).toEqual([]);
  });

  it('createPoliteClient judges a name by all addresses that it has at the time of connecting', async () => {
    const canary = await startServer({ '/canary': (response) => void response.end('secret') });
    closers.push(() => canary.close());
    const base = `http://public.example:${new URL(canary.url).port}`;
    const lookup = ((_: string, __: object, callback: (error: null, addresses: object[]) => void) =>
      callback(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])) as unknown as NonNullable<PoliteClientSettings['lookup']>;
    const client = clientFor(canary, { baseUrls: [base], lookup });
    await expect(client.get(`${base}/canary`)).rejects.toThrow(/public.example is 127.0.0.1|private address/);
    expect(canary.paths).toEqual([]);
  });
});

describe('createPoliteClient: robots.txt', () => {
  const page: Routes = {
    '/a': (response) => void response.end('page'),
    '/private/a': (response) => void response.end('page'),
  };
  const robots = (body: string) => ({ '/robots.txt': (response: ServerResponse) => void response.end(body) });

  it('createPoliteClient asks once and obeys', async () => {
    const { get, server } = await open({
      ...page,
      ...robots('User-agent: *\nDisallow: /\n\nUser-agent: DEBIAS\nDisallow: /private'),
    });
    expect((await get('/a')).status).toBe(200);
    await expect(get('/private/a')).rejects.toThrow(RobotsDeniedError);
    expect(server.paths).toEqual(['/robots.txt', '/a']);
  });

  it.each([
    ['404 allows', 404, true],
    ['403 allows', 403, true],
    ['429 forbids', 429, false],
    ['500 forbids', 500, false],
  ])('createPoliteClient: robots.txt with status %s', async (_, status, allowed) => {
    const { get, server } = await open({
      ...page,
      '/robots.txt': (response) =>
        void response.writeHead(status, { 'retry-after': '0' }).end('User-agent: *\nDisallow: /'),
    });
    const outcome = await get('/a').then(
      ({ status: got }) => got,
      (error: unknown) => error instanceof RobotsDeniedError,
    );
    expect(outcome).toBe(allowed ? 200 : true);
    expect(server.paths.includes('/a')).toBe(allowed);
  });

  it('createPoliteClient is forbidden all by a robots.txt that cannot be had', async () => {
    const lost = await open({ ...page, '/robots.txt': (response) => void response.destroy() });
    await expect(lost.get('/a')).rejects.toThrow(RobotsDeniedError);
    const routes = Object.fromEntries(
      Array.from({ length: 7 }, (_, i) => [
        i === 0 ? '/robots.txt' : `/r${i}`,
        (response: ServerResponse) => void response.writeHead(301, { location: `/r${i + 1}` }).end(),
      ]),
    );
    const far = await open({ ...page, ...routes });
    await expect(far.get('/a')).rejects.toThrow(RobotsDeniedError);
  });

  it('createPoliteClient reads 500 KiB of a longer robots.txt', async () => {
    const rules = 'User-agent: *\nDisallow: /private\n';
    const { get } = await open({ ...page, ...robots(`${rules}${'# filler\n'.repeat(70_000)}Disallow: /a\n`) });
    expect((await get('/a')).status).toBe(200);
    await expect(get('/private/a')).rejects.toThrow(RobotsDeniedError);
  });
});

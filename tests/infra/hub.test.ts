import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { fetchHubModel, HubFilesMissingError, type HubSettings } from '../../infra/hub.js';
import { HubAccessError, HubDigestError, HubSourceError, HubUnreachableError } from '../../infra/hub/errors.js';
import { parseHubSource } from '../../infra/hub/source.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { commit, startHub, type HubServer } from './hub-server.js';

const text = (value: string) => Buffer.from(value);
const weights = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251));
const files: Record<string, Uint8Array> = {
  '.gitattributes': text('x'),
  'README.md': text('# small'),
  'config.json': text('{"model_type":"gpt2"}'),
  'generation_config.json': text('{}'),
  'tokenizer.json': text('{"model":{}}'),
  'model.safetensors': weights,
  'pytorch_model.bin': text('not wanted'),
  'tf_model.h5': text('not wanted either'),
};

const servers: HubServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(content = files, token?: string) {
  const hub = await startHub(content, token);
  servers.push(hub);
  const lines: string[] = [];
  const settings: HubSettings = {
    endpoint: hub.endpoint,
    proxy: {},
    cacheFolder: await temporaryFolder(),
    onProgress: (line) => lines.push(line),
    retryDelayMs: 5,
    idleTimeoutMs: 5_000,
  };
  return {
    hub,
    settings,
    lines,
    fetch: (source = 'hf://org/small', more: Partial<HubSettings> = {}) =>
      fetchHubModel(source, { ...settings, ...more }),
  };
}

const resolved = (name: string) => `/org/small/resolve/${commit}/${name}`;
const stored = '/objects/model.safetensors';

describe('fetchHubModel', () => {
  test('fetchHubModel fetches what the program reads, and nothing twice', async () => {
    const { hub, lines, fetch } = await start();
    const folder = await fetch();
    expect(
      readdirSync(folder)
        .filter((name) => !name.startsWith('.'))
        .toSorted(),
    ).toEqual(['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json']);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true);
    expect(lines[0]).toMatch(/fetching org\/small at 0123456789ab from http/);
    expect(lines.at(-1)).toBe('org/small/model.safetensors: 0.3 of 0.3 MB');
    const before = hub.asked.length;
    expect(await fetch()).toBe(folder);
    expect(hub.asked.slice(before).map(({ path }) => path)).toEqual(['/api/models/org/small/revision/main?blobs=true']);
    expect(await fetch(`hf://org/small@${commit}`)).toBe(folder);
    expect(hub.asked.length).toBe(before + 1);
  });

  test('fetchHubModel shows its token to the hub, and to nobody that the hub sends it to', async () => {
    const { hub, fetch } = await start(files, 'secret-token');
    await fetch('hf://org/small', { token: 'secret-token' });
    const seen = (host: string) =>
      new Set(hub.asked.filter((asked) => asked.host === host).map((asked) => asked.authorization));
    expect(seen('hub')).toEqual(new Set(['Bearer secret-token']));
    expect(seen('storage')).toEqual(new Set([undefined]));
  });

  test('fetchHubModel goes on where a transfer broke off', async () => {
    const { hub, settings, fetch } = await start();
    hub.faults = { cutAfterBytes: (path, visit) => (path === stored && visit <= 3 ? 70_000 : undefined) };
    const folder = await fetch();
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true);
    const ranges = hub.asked.filter(({ path }) => path === stored).map(({ range }) => range);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.length).toBeGreaterThanOrEqual(4);
    const starts = ranges.slice(1).map((range) => Number(/\d+/.exec(range ?? '')?.[0]));
    expect(starts.every((from, i) => from > (starts[i - 1] ?? 0))).toBe(true);
    expect(existsSync(join(settings.cacheFolder, 'models', 'org--small', commit, 'model.safetensors.partial'))).toBe(
      false,
    );
  });

  test('fetchHubModel goes on with what an earlier process left, whole or in part', async () => {
    const { hub, fetch } = await start();
    const folder = await fetch();
    for (const left of [100_000, weights.length]) {
      rmSync(join(folder, 'model.safetensors'));
      rmSync(join(folder, '.hub.json'));
      writeFileSync(join(folder, 'model.safetensors.partial'), weights.subarray(0, left));
      await fetch();
      expect(hub.asked.findLast(({ path }) => path === stored)?.range).toBe(`bytes=${left}-`);
      expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true);
    }
  });

  test('fetchHubModel begins again where the server knows no ranges', async () => {
    const { hub, fetch } = await start();
    hub.faults = {
      ignoreRanges: true,
      cutAfterBytes: (path, visit) => (path === stored && visit === 1 ? 70_000 : undefined),
    };
    expect(readFileSync(join(await fetch(), 'model.safetensors')).equals(weights)).toBe(true);
  });

  test.each(['config.json', 'model.safetensors'])(
    'fetchHubModel throws away a %s with another digest',
    async (name) => {
      const { hub, fetch } = await start();
      hub.faults = { corrupt: (path) => path.endsWith(name) };
      await expect(fetch()).rejects.toBeInstanceOf(HubDigestError);
      await expect(fetch()).rejects.toThrow(new RegExp(`${name.replace('.', '\\.')}: expected digest [0-9a-f]+, got`));
      hub.faults = {};
      expect(readFileSync(join(await fetch(), name)).equals(Buffer.from(files[name] ?? []))).toBe(true);
    },
  );

  test('fetchHubModel keeps nothing that it cannot check', async () => {
    const { hub, fetch } = await start();
    hub.faults = { withoutDigests: true };
    await expect(fetch()).rejects.toThrow(/expected a digest in the answer, got none/);
  });

  test('fetchHubModel mends a cached file that was damaged', async () => {
    const { fetch } = await start();
    const folder = await fetch();
    writeFileSync(join(folder, 'model.safetensors'), weights.subarray(5));
    expect(readFileSync(join(await fetch(), 'model.safetensors')).equals(weights)).toBe(true);
  });

  test.each([401, 403, 404])('fetchHubModel says what to do about status %i', async (status) => {
    const { hub, fetch } = await start();
    hub.faults = { status: () => status };
    await expect(fetch()).rejects.toBeInstanceOf(HubAccessError);
    await expect(fetch()).rejects.toThrow(
      `answered ${status}; check the name and the revision, and where it is private`,
    );
    await expect(fetch('hf://org/small', { token: 'secret-token' })).rejects.toThrow(/the token in HF_TOKEN may not/);
    const error: unknown = await fetch('hf://org/small', { token: 'secret-token' }).catch((caught: unknown) => caught);
    expect(String(error)).not.toContain('secret-token');
  });

  test('fetchHubModel asks again when the hub is busy', async () => {
    const { hub, fetch } = await start();
    hub.faults = {
      status: (path, visit) => (path === resolved('config.json') && visit <= 2 ? [429, 503][visit - 1] : undefined),
    };
    await fetch();
    expect(hub.asked.filter(({ path }) => path === resolved('config.json')).length).toBe(3);
    hub.faults = { status: () => 503 };
    await expect(fetch('hf://org/small@v2')).rejects.toThrow(/status 503/);
  });

  test('fetchHubModel asks again for the list of files, unless it has what it fetched before', async () => {
    const { hub, lines, fetch } = await start();
    const asks = () => hub.asked.filter(({ path }) => path.startsWith('/api/')).length;
    hub.faults = { status: (path, visit) => (path.startsWith('/api/') && visit <= 3 ? 503 : undefined) };
    const folder = await fetch();
    expect(asks()).toBe(4);
    hub.faults = { status: () => 503 };
    expect(await fetch()).toBe(folder);
    expect(asks()).toBe(5);
    expect(lines.at(-1)).toMatch(/cannot be asked for; using what was fetched before/);
  });

  test('fetchHubModel says how to do without a network, and uses what it fetched before', async () => {
    const { hub, lines, settings, fetch } = await start();
    const folder = await fetch();
    await hub.close();
    expect(await fetch()).toBe(folder);
    expect(lines.at(-1)).toMatch(/cannot be asked for; using what was fetched before, 0123456789ab/);
    const other: unknown = await fetchHubModel('hf://org/other', settings).catch((error: unknown) => error);
    expect(other).toBeInstanceOf(HubUnreachableError);
    expect(String(other)).toMatch(
      /ECONNREFUSED.*HF_ENDPOINT.*place them in one folder here.*name that folder in place of hf:\/\/org\/other/s,
    );
  });

  test('fetchHubModel gives up a file that never comes, and keeps what came', async () => {
    const { hub, settings, fetch } = await start();
    hub.faults = { cutAfterBytes: (path, visit) => (path === stored ? (visit === 1 ? 1_000 : 0) : undefined) };
    await expect(fetch()).rejects.toBeInstanceOf(HubUnreachableError);
    const partial = join(settings.cacheFolder, 'models', 'org--small', commit, 'model.safetensors.partial');
    expect(readFileSync(partial).length).toBe(1_000);
  });

  test('fetchHubModel follows redirects within reason', async () => {
    const { hub, fetch } = await start();
    hub.faults = { location: (path) => path };
    await expect(fetch()).rejects.toThrow(/more than 5 redirects/);
    hub.faults = { location: () => 'file:///etc/passwd' };
    await expect(fetch()).rejects.toThrow(/a redirect from http: to file:/);
  });

  test('fetchHubModel fetches the shards that an index names', async () => {
    const { 'model.safetensors': _whole, 'pytorch_model.bin': _bin, ...rest } = files;
    const index = text(
      '{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors","c":"model-1.safetensors"}}',
    );
    const shards = {
      'model.safetensors.index.json': index,
      'model-1.safetensors': weights,
      'model-2.safetensors': text('2'),
    };
    const { fetch } = await start({ ...rest, ...shards });
    expect(readdirSync(await fetch())).toEqual(expect.arrayContaining(['model-1.safetensors', 'model-2.safetensors']));
  });

  test('fetchHubModel names what a model lacks', async () => {
    const { fetch } = await start({ 'config.json': text('{}'), 'tf_model.h5': text('') });
    await expect(fetch()).rejects.toBeInstanceOf(HubFilesMissingError);
    await expect(fetch()).rejects.toThrow(/expected one of model\.safetensors.*got config\.json, tf_model\.h5/);
  });

  test('fetchHubModel goes through the proxy that it is given, but not to the exceptions', async () => {
    const { hub, fetch } = await start();
    const tunnels: string[] = [];
    const proxy = createServer((request, response) => {
      tunnels.push(request.url ?? '');
      response.writeHead(502).end();
    });
    proxy.on('connect', (request, client) => {
      tunnels.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const target = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        target.pipe(client).pipe(target);
      });
      client.on('error', () => target.destroy());
      target.on('error', () => client.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await fetch('hf://org/small', { proxy: { http: address, exceptions: '127.0.0.1' } });
    expect(tunnels).toEqual([]);
    await fetch('hf://org/small', { proxy: { http: address } }).catch(() => undefined);
    expect(tunnels.length).toBeGreaterThan(0);
    expect(tunnels[0]).toContain(new URL(hub.endpoint).host);
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
});

describe('parseHubSource', () => {
  test('parseHubSource reads names, bare ones and revisions', () => {
    expect(parseHubSource('hf://skt/kogpt2-base-v2')).toMatchObject({
      repository: 'skt/kogpt2-base-v2',
      revision: 'main',
    });
    expect(parseHubSource('hf://gpt2@v1.0')).toMatchObject({ repository: 'gpt2', revision: 'v1.0' });
    expect(parseHubSource('hf://a/b@refs/pr/1')).toMatchObject({ repository: 'a/b', revision: 'refs/pr/1' });
  });

  test.each([
    'hf://',
    'hf://a/b/c',
    'hf://../x',
    'hf://a/..',
    'hf://a/b@',
    'hf://a/b@../x',
    'hf://a b',
    'hf://a/b?x=1',
  ])('parseHubSource refuses %s', (source) => {
    expect(() => parseHubSource(source)).toThrow(HubSourceError);
  });
});

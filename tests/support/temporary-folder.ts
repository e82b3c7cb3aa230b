/** A folder that is gone when the test file is done. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'debias-test-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

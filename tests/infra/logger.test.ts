import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLogger } from '../../infra/logger.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Every write to it fails as on a full disk. */
const fullDevice = '/dev/full';

describe('createLogger', () => {
  test('appends JSON lines to its file, without secrets', async () => {
    const file = join(await temporaryFolder(), 'logs', 'worker.jsonl');
    createLogger({ level: 'info', file }).info({ store: { secretKey: 'hidden' } }, 'first');
    createLogger({ level: 'info', file }).info('second');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line).msg)).toEqual(['first', 'second']);
    expect(lines[0]).not.toContain('hidden');
  });

  test.skipIf(!existsSync(fullDevice))('goes on without its lines where the disk is full', async () => {
    const logger = createLogger({ level: 'info', file: fullDevice });
    const write = async () => {
      logger.info('dropped');
      // An error without a listener is thrown by the call, or ends the process in a later turn.
      await sleep(1);
    };
    for (let i = 0; i < 10; i++) await expect(write()).resolves.toBeUndefined();
  });
});

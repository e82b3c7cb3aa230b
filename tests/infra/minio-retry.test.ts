import { describe, expect, it } from 'vitest';
import { StorageFullError, StoreUnavailableError } from '../../core/checkpoint/index.js';
import { withRetries } from '../../infra/minio-retry.js';

const context = {
  storeName: 'bucket b at host',
  operation: 'putBlob',
  settings: { attempts: 4, firstDelayMs: 1, maxDelayMs: 2 },
};

/** Fails with the errors in turn, then succeeds; tells how often it was called. */
function failing(...codes: readonly (string | undefined)[]) {
  const calls = { count: 0 };
  const work = async (): Promise<string> => {
    const code = codes[calls.count++];
    if (calls.count > codes.length) return 'done';
    throw Object.assign(new Error(`failed with ${code}`), code === undefined ? {} : { code });
  };
  return { calls, work };
}

describe('withRetries', () => {
  it.each(['ECONNRESET', 'ECONNREFUSED', 'SlowDown', 'ConditionalRequestConflict', undefined])(
    'withRetries tries again after %s',
    async (code) => {
      const { calls, work } = failing(code, code, code);
      expect([await withRetries(context, work), calls.count]).toEqual(['done', 4]);
    },
  );

  it('withRetries gives up after its tries, naming the store, the operation and the last problem', async () => {
    const { calls, work } = failing(...Array.from({ length: 9 }, () => 'ECONNRESET'));
    const failure = withRetries(context, work);
    await expect(failure).rejects.toThrow(StoreUnavailableError);
    await expect(failure).rejects.toThrow(/putBlob: bucket b at host .*ECONNRESET.*tries: 4/);
    expect(calls.count).toBe(4);
  });

  it.each(['AccessDenied', 'SignatureDoesNotMatch', 'NoSuchBucket'])(
    'withRetries does not repeat what was refused with %s',
    async (code) => {
      const { calls, work } = failing(code);
      await expect(withRetries(context, work)).rejects.toThrow('tries: 1');
      expect(calls.count).toBe(1);
    },
  );

  it('withRetries calls a full server full', async () => {
    await expect(withRetries(context, failing('XMinioStorageFull').work)).rejects.toThrow(StorageFullError);
  });
});

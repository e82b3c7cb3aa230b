/** Which failures of an S3 call are worth another try, and when. Knows nothing of what the call does. */

import { setTimeout as sleep } from 'node:timers/promises';
import { StorageFullError, StoreUnavailableError } from '../core/checkpoint/store.js';

export interface RetrySettings {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export interface RetryContext {
  readonly storeName: string;
  readonly operation: string;
  readonly settings: RetrySettings;
}

// A conditional write that met another one half way gets 409 and may well win or lose the next time.
const passing = [
  'SlowDown',
  'InternalError',
  'ServiceUnavailable',
  'RequestTimeout',
  'ConditionalRequestConflict',
  'OperationAborted',
  'XMinioServerNotInitialized',
  'SlowDownRead',
  'SlowDownWrite',
];
const full = ['XMinioStorageFull', 'XMinioObjectQuotaExceeded', 'XMinioAdminBucketQuotaExceeded', 'QuotaExceeded'];
const network = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/**
 * Tries again with doubling delays while the failure may pass.
 * @throws StoreUnavailableError when the last try failed as well or the server refuses; StorageFullError
 */
export async function withRetries<T>(context: RetryContext, work: () => Promise<T>): Promise<T> {
  const { attempts, firstDelayMs, maxDelayMs } = context.settings;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (isCode(error, ...full)) throw new StorageFullError(context.storeName, 0, { cause: error });
      if (attempt >= attempts || !mayPass(error)) throw unavailable(context, error, attempt);
      await sleep(Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1)));
    }
  }
}

function unavailable({ storeName, operation }: RetryContext, error: unknown, attempts: number): StoreUnavailableError {
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  const problem = `${code === undefined ? '' : `${code}: `}${text} (tries: ${attempts})`;
  return new StoreUnavailableError(storeName, operation, problem, { cause: error });
}

/** Errors without an S3 code come from the network or from an answer that was no S3 answer. */
function mayPass(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined || passing.includes(code) || network.includes(code) || /^5\d\d$/.test(code);
}

/** Whether the error carries one of these S3 or system codes. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = codeOf(error);
  return code !== undefined && codes.includes(code);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

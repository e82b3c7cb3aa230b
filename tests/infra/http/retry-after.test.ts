import { describe, expect, it } from 'vitest';

import { retryAfterMs } from '../../../infra/http/retry-after.js';

describe('retryAfterMs', () => {
  const nowMs = Date.UTC(2026, 0, 1, 0, 0, 0);
  it.each([
    ['0', 0],
    [' 120 ', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    [undefined, undefined],
  ])('retryAfterMs(%j) is %j', (header, expected) => {
    expect(retryAfterMs(header, nowMs)).toBe(expected);
  });
});

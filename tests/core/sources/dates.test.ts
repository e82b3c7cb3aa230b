import { describe, expect, it } from 'vitest';

import { fromTimestamp, fromWritten } from '../../../core/sources/dates.js';

describe('fromWritten', () => {
  it.each([
    ['2020-04-28T12:24:05+0900', '2020-04-28T03:24:05.000Z'],
    ['2020-04-28T12:24:05+09:00', '2020-04-28T03:24:05.000Z'],
    ['2020-04-28T03:24:05Z', '2020-04-28T03:24:05.000Z'],
    ['2020-04-28T03:24:05-0130', '2020-04-28T04:54:05.000Z'],
    ['2020-04-28 12:24:05', '2020-04-28T03:24:05.000Z'],
    ['입력 2006.11.03. 21:14', '2006-11-03T12:14:00.000Z'],
    ['2006.11.03.', '2006-11-02T15:00:00.000Z'],
    ['어제', undefined],
  ])('fromWritten(%j) is %j', (text, expected) => {
    expect(fromWritten(text)).toBe(expected);
  });
});

describe('fromTimestamp', () => {
  it('fromTimestamp refuses what no calendar has', () => {
    expect(fromTimestamp(1_588_044_245_000)).toBe('2020-04-28T03:24:05.000Z');
    expect(fromTimestamp(Number.NaN)).toBeUndefined();
    expect(fromTimestamp(1e300)).toBeUndefined();
  });
});

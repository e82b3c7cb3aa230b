import { describe, expect, it } from 'vitest';
import { batchQueries, checkedQueryLength, paddedRows, QueryError } from '../../../core/rl/episodes.js';

const pool = [[1], [2, 3], [4, 5, 6], [7], [8]];

describe('episodes', () => {
  it('batchQueries walks the whole pool before it repeats a prompt, across batches', () => {
    const drawn = [0, 1, 2, 3, 4].flatMap((batch) => batchQueries(pool, 7, batch, 3));
    for (let pass = 0; pass < 3; pass++) {
      expect(new Set(drawn.slice(pass * 5, pass * 5 + 5))).toEqual(new Set(pool));
    }
  });

  it('batchQueries depends on seed and batch alone', () => {
    expect(batchQueries(pool, 7, 2, 3)).toEqual(batchQueries(pool, 7, 2, 3));
    const orders = [1, 2, 3, 4].map((seed) => JSON.stringify(batchQueries(pool, seed, 0, 5)));
    expect(new Set(orders).size).toBeGreaterThan(1);
  });

  it('paddedRows pads on the left and masks the padding', () => {
    const { tokens, mask } = paddedRows([[1, 2, 3], [4]], 3, 9);
    expect([...tokens.data]).toEqual([1, 2, 3, 9, 9, 4]);
    expect([...mask.data]).toEqual([1, 1, 1, 0, 0, 1]);
  });

  it.each([
    ['no prompt', []],
    ['an empty prompt', [[1], []]],
    ['a token outside the vocabulary', [[1], [10]]],
  ])('checkedQueryLength refuses %s', (_, queries) => {
    expect(() => checkedQueryLength(queries, 1, 10)).toThrow(QueryError);
  });

  it('checkedQueryLength gives the longest prompt', () => {
    expect(checkedQueryLength(pool, 1, 10)).toBe(3);
  });
});

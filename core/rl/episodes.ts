/** Which prompts a batch gets, and how prompt and response lie in one padded row. Knows no model. */

import { permutation } from '../random/counter.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';

/** Prompts that cannot start an episode. */
export class QueryError extends RangeError {
  override readonly name = 'QueryError';
  constructor(
    readonly expected: string,
    readonly got: string,
  ) {
    super(`trainPpo: queries: expected ${expected}, got ${got}; check the prompts and the tokenizer`);
  }
}

export type Tokens = readonly number[];

/**
 * The prompts of one batch. The pool is walked in a random order that is drawn anew for each pass, and depends on seed
 * and episode number alone: runs that differ in PPO epochs see the same prompts.
 */
export function batchQueries(pool: readonly Tokens[], seed: number, batch: number, batchSize: number): Tokens[] {
  const orders = new Map<number, Int32Array>();
  return Array.from({ length: batchSize }, (_, i) => {
    const episode = batch * batchSize + i;
    const pass = Math.floor(episode / pool.length);
    const order = orders.get(pass) ?? permutation({ seed, stream: 'queries', step: pass }, pool.length);
    orders.set(pass, order);
    return pool[order[episode % pool.length]!]!;
  });
}

/** Longest prompt. @throws QueryError when there is none, one is too short, or a token is outside the vocabulary. */
export function checkedQueryLength(pool: readonly Tokens[], minTokens: number, vocabSize: number): number {
  if (pool.length === 0) throw new QueryError('at least one', 'none');
  pool.forEach((query, i) => {
    if (query.length < minTokens)
      throw new QueryError(`${minTokens} tokens or more each`, `${query.length} in query ${i}`);
    const outside = query.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabSize);
    if (outside !== undefined) throw new QueryError(`token ids below ${vocabSize}`, `${outside} in query ${i}`);
  });
  return pool.reduce((longest, query) => Math.max(longest, query.length), 0);
}

export interface TokenRows {
  /** [B, S] */
  readonly tokens: HostTensor<'int32'>;
  /** 0 on padding, [B, S] */
  readonly mask: HostTensor<'int32'>;
}

/** Rows of one length, padded on the left with `padToken`. */
export function paddedRows(rows: readonly Tokens[], length: number, padToken: number): TokenRows {
  const tokens = new Int32Array(rows.length * length).fill(padToken);
  const mask = new Int32Array(rows.length * length);
  rows.forEach((row, i) => {
    const begin = (i + 1) * length - row.length;
    row.forEach((token, j) => {
      tokens[begin + j] = token;
      mask[begin + j] = 1;
    });
  });
  const shape = [rows.length, length];
  return { tokens: hostTensor('int32', shape, tokens), mask: hostTensor('int32', shape, mask) };
}

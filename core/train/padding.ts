/** Token lists of different lengths as rectangular int32 tensors. Knows no model. */

import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';

/** A text as token ids. */
export type Tokens = readonly number[];

/** Rows of texts cut to `tokens` and filled up with `fill`; rows without a text are all `fill`. */
export function padRight(texts: readonly Tokens[], rows: number, tokens: number, fill: number): HostTensor<'int32'> {
  const data = new Int32Array(rows * tokens).fill(fill);
  texts.forEach((text, row) => data.set(text.length > tokens ? text.slice(0, tokens) : text, row * tokens));
  return hostTensor('int32', [rows, tokens], data); // [B, T]
}

/** 1 where `padRight` puts a token, else 0. */
export function rightMask(texts: readonly Tokens[], rows: number, tokens: number): HostTensor<'int32'> {
  const data = new Int32Array(rows * tokens);
  texts.forEach((text, row) => data.fill(1, row * tokens, row * tokens + Math.min(tokens, text.length)));
  return hostTensor('int32', [rows, tokens], data); // [B, T]
}

/** Prompts standing at the right edge, cut on the left to their last `tokens`, with their mask. */
export function padLeft(
  prompts: readonly Tokens[],
  tokens: number,
  fill: number,
): { ids: HostTensor<'int32'>; mask: HostTensor<'int32'> } {
  const ids = new Int32Array(prompts.length * tokens).fill(fill);
  const mask = new Int32Array(prompts.length * tokens);
  prompts.forEach((prompt, row) => {
    const kept = prompt.slice(-tokens);
    const start = (row + 1) * tokens - kept.length;
    ids.set(kept, start);
    mask.fill(1, start, (row + 1) * tokens);
  });
  const shape = [prompts.length, tokens]; // [B, T]
  return { ids: hostTensor('int32', shape, ids), mask: hostTensor('int32', shape, mask) };
}

/** Joins equal tensors along a new leading axis: K times […] → [K, …]. */
export function stack(tensors: readonly HostTensor<'int32'>[]): HostTensor<'int32'> {
  const [first] = tensors;
  if (first === undefined) throw new RangeError('stack: expected at least one tensor, got none');
  const data = new Int32Array(first.data.length * tensors.length);
  tensors.forEach((tensor, i) => data.set(tensor.data, i * first.data.length));
  return hostTensor('int32', [tensors.length, ...first.shape], data);
}

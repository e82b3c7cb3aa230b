/** The kinds of values that settings take. Knows no setting. */

import { z } from 'zod';

export const count = z.number().int().positive();
export const share = z.number().min(0).max(1);
export const rate = z.number().positive();
export const path = z.string().min(1);
export const seedNumber = z.number().int().min(0).max(0xffffffff);

/** A list that may be written as a single value: `epochs: 3` is `epochs: [3]`. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item).min(1));
}

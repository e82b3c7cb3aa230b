/** Counts of texts by source and by year. Knows nothing of what is counted. */

import type { TextRecord } from './records.js';

/** How many texts, and where and when they were written. */
export interface Spread {
  readonly texts: number;
  readonly textsBySource: Readonly<Record<string, number>>;
  /** By year as `2021`; texts without a date, or with one that begins with no year, under `undated`. */
  readonly textsByYear: Readonly<Record<string, number>>;
}

export const UNDATED = 'undated';

/** By code units, the same on every machine. */
export function bySpelling(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The year as it is written, in the writer's own time zone: that of 2020-01-01T00:30+09:00 is 2020. */
export function yearOf({ date }: Pick<TextRecord, 'date'>): string {
  return /^\d{4}(?!\d)/.exec(date ?? '')?.[0] ?? UNDATED;
}

/** How often each value occurs, by spelling. */
export function countEach(values: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => bySpelling(a, b)));
}

export function spreadOf(records: readonly Pick<TextRecord, 'source' | 'date'>[]): Spread {
  return {
    texts: records.length,
    textsBySource: countEach(records.map(({ source }) => source)),
    textsByYear: countEach(records.map(yearOf)),
  };
}

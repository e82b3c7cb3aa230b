/** How far apart a group's keywords are in sentiment. Knows nothing of chance: see `noise-floor.ts`. */

/**
 * Mean |a − b| over all unordered pairs (Gini's mean difference), by sorting: O(n log n).
 * In a sorted list the i-th value (from 0) is added in i pairs and subtracted in n − 1 − i.
 * @returns 0 for fewer than two values: no pair differs.
 */
export function meanPairwiseDistance(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 2) return 0;
  const sorted = Float64Array.from(values).sort();
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (2 * i - n + 1) * sorted[i]!;
  return sum / ((n * (n - 1)) / 2);
}

/** Symmetric matrix of |a − b|, rows and columns as given. */
export function distanceMatrix(values: readonly number[]): number[][] {
  return values.map((a) => values.map((b) => Math.abs(a - b)));
}

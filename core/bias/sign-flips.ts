/**
 * Exact p-values of sign flips (Fisher 1935, The Design of Experiments, § 21). Knows nothing of what the differences are of.
 *
 * Not all 2^n patterns are formed: each half of the differences has 2^(n/2) signed sums, and two sorted lists of them are
 * counted against each other (Horowitz and Sahni 1974, "Computing partitions with applications to the knapsack problem").
 */

/** Up to this many differences all patterns are counted: two lists of 4,096 sums. */
export const EXACT_DIFFERENCES = 24;

/** Sums in another order differ in the last digits: the observed pattern must count as equal to itself. */
const ROUNDING = 1e-12;

/** A test of lists of `n` differences that keeps its working memory from list to list. */
export function signFlipTest(n: number): (differences: ArrayLike<number>) => number {
  const middle = n >> 1;
  const lists = [middle, n - middle].map((size) => [new Float64Array(2 ** size), new Float64Array(2 ** size)] as const);
  return (differences) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += differences[i]!;
    const limit = Math.abs(sum) - ROUNDING;
    if (limit <= 0) return 1;
    const low = signedSums(differences, 0, middle, lists[0]!);
    const high = signedSums(differences, middle, n, lists[1]!);
    // A pattern and its mirror image are equally extreme, on either side of 0.
    return (2 * countAtLeast(low, high, limit)) / 2 ** n;
  };
}

/** Two-sided p-value of one list: the share of the 2^n sign patterns whose sum is at least as far from 0. */
export function exactSignFlipP(differences: readonly number[]): number {
  return signFlipTest(differences.length)(differences);
}

/** All sums ± values[from] … ± values[to − 1], ascending: each value merges the list moved down with the list moved up. */
function signedSums(
  values: ArrayLike<number>,
  from: number,
  to: number,
  [first, second]: readonly [Float64Array, Float64Array],
): Float64Array {
  let [list, next] = [first, second];
  list[0] = 0;
  for (let i = from, size = 1; i < to; i++, size *= 2) {
    const step = Math.abs(values[i]!);
    for (let place = 0, down = 0, up = 0; place < 2 * size; place++) {
      const lower = down < size && list[down]! - step <= list[up]! + step;
      next[place] = lower ? list[down++]! - step : list[up++]! + step;
    }
    [list, next] = [next, list];
  }
  return list;
}

/** Pairs of an entry of each ascending list whose sum is `limit` or more. */
function countAtLeast(a: Float64Array, b: Float64Array, limit: number): number {
  let [count, j] = [0, b.length];
  for (const value of a) {
    while (j > 0 && value + b[j - 1]! >= limit) j--;
    count += b.length - j;
  }
  return count;
}

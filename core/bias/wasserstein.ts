/** Wasserstein-1 distance of two samples of scores. Knows nothing of groups. */

/**
 * ∫ |F(x) − G(x)| dx for the two empirical distribution functions; the samples may differ in size.
 * The measure of Huang et al. 2020 (arXiv 1911.03064) for individual and group fairness.
 * @throws RangeError when a sample is empty.
 */
export function wasserstein1(a: readonly number[], b: readonly number[]): number {
  return wassersteinSorted(Float64Array.from(a).sort(), Float64Array.from(b).sort());
}

/** The same for samples in rising order, by merging them: O(n + m). */
export function wassersteinSorted(x: Float64Array, y: Float64Array): number {
  if (x.length === 0 || y.length === 0) {
    throw new RangeError(`wasserstein1: expected two samples with values, got sizes ${x.length} and ${y.length}`);
  }
  let [i, j, sum] = [0, 0, 0];
  let cut = Math.min(x[0]!, y[0]!);
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
    sum += Math.abs(i / x.length - j / y.length) * (next - cut);
    cut = next;
    while (i < x.length && x[i]! <= cut) i++;
    while (j < y.length && y[j]! <= cut) j++;
  }
  return sum;
}

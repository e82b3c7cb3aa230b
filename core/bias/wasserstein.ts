/** Wasserstein-1 distance of two samples of scores. Knows nothing of groups. */

/**
 * ∫ |F(x) − G(x)| dx for the two empirical distribution functions; the samples may differ in size.
 * The measure of Huang et al. 2020 (arXiv 1911.03064) for individual and group fairness.
 * @throws RangeError when a sample is empty.
 */
export function wasserstein1(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) {
    throw new RangeError(`wasserstein1: expected two samples with values, got sizes ${a.length} and ${b.length}`);
  }
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  const cuts = Float64Array.from([...x, ...y]).sort();
  let [i, j, sum] = [0, 0, 0];
  for (let c = 0; c + 1 < cuts.length; c++) {
    while (i < x.length && x[i]! <= cuts[c]!) i++;
    while (j < y.length && y[j]! <= cuts[c]!) j++;
    sum += Math.abs(i / x.length - j / y.length) * (cuts[c + 1]! - cuts[c]!);
  }
  return sum;
}

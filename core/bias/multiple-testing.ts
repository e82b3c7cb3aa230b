/** Corrections for many tests at once. Knows nothing of what was tested. */

/**
 * Benjamini and Hochberg 1995: adjusted p-values in the order given. Calling those ≤ q significant keeps the expected
 * share of false discoveries at q or below.
 * @throws RangeError for a p-value outside 0 … 1.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const bad = pValues.findIndex((p) => !(p >= 0 && p <= 1));
  if (bad >= 0) throw new RangeError(`benjaminiHochberg: expected p-values in 0 … 1, got ${pValues[bad]} at ${bad}`);
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = pValues.map(() => 1);
  let lowest = 1;
  order.forEach((index, fromLargest) => {
    const rank = pValues.length - fromLargest;
    lowest = Math.min(lowest, (pValues[index]! * pValues.length) / rank);
    adjusted[index] = lowest;
  });
  return adjusted;
}

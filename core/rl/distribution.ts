/** How a list of numbers is distributed, in a few of them: quantiles and a histogram. Does not know what they mean. */

/** Least value, quartiles, greatest value. */
export type Quantiles = readonly [least: number, lower: number, median: number, upper: number, greatest: number];

/** Counts in bins of equal width; the last one holds the greatest value too. One bin where all values are alike. */
export interface Histogram {
  readonly least: number;
  readonly greatest: number;
  readonly counts: readonly number[];
}

const BINS = 16;

/** Between neighbours by linear interpolation, as `numpy.quantile` does; of a list that is not empty. */
export function quantilesOf(values: ArrayLike<number>): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)]!;
    // Never −0, which JSON would lose.
    return low + (sorted[Math.ceil(place)]! - low) * (place - Math.floor(place)) + 0;
  };
  return [at(0), at(0.25), at(0.5), at(0.75), at(1)];
}

/** The bins of `numpy.histogram(values, bins=16)`, up to rounding at their edges; of a list that is not empty. */
export function histogramOf(values: ArrayLike<number>): Histogram {
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    greatest = Math.max(greatest, values[i]!);
  }
  const range = greatest - least;
  const counts = Array.from({ length: range > 0 ? BINS : 1 }, () => 0);
  for (let i = 0; i < values.length; i++) {
    const bin = range > 0 ? Math.floor(((values[i]! - least) / range) * BINS) : 0;
    counts[Math.min(bin, counts.length - 1)]! += 1;
  }
  // Never −0, which JSON would lose.
  return { least: least + 0, greatest: greatest + 0, counts };
}

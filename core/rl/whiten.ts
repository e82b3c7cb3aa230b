/** Whitening: values shifted and scaled to variance 1 over a whole block. Does not know what the values mean. */

export interface WhitenOptions {
  /** true divides the sum of squares by n − 1 (`torch.var`), false by n (`tf.moments`). */
  readonly unbiased: boolean;
  /** false keeps the mean: only the spread is normalised. */
  readonly shiftMean: boolean;
}

/** Keeps a constant block finite. */
const EPSILON = 1e-8;

/** Mean of a list that is not empty. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Variance, biased or unbiased; NaN for an empty list and for one unbiased value. */
export function varianceOf(values: ArrayLike<number>, unbiased = false): number {
  const mean = meanOf(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
  return sum / (unbiased ? values.length - 1 : values.length);
}

/** (x − mean)/√(variance + 1e-8), plus the mean again where it is kept. */
export function whiten(values: ArrayLike<number>, { unbiased, shiftMean }: WhitenOptions): Float64Array {
  const mean = meanOf(values);
  const scale = 1 / Math.sqrt(varianceOf(values, unbiased) + EPSILON);
  const offset = shiftMean ? 0 : mean;
  return Float64Array.from(values, (value) => (value - mean) * scale + offset);
}

/** Quantiles of Student's t distribution. Knows nothing of what is tested. */
import { gammaln } from 'simple-statistics';

/**
 * Regularised incomplete beta function I_x(a, b) by its continued fraction, evaluated as Lentz 1976 does
 * (Abramowitz and Stegun 1964, equation 26.5.8).
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  // The fraction converges fast below the mean; beyond it the mirror image does.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const tiny = 1e-300;
  let [c, d] = [1, 1 / notZero(1 - ((a + b) * x) / (a + 1), tiny)];
  let fraction = d;
  for (let m = 1; m <= 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    const before = fraction;
    for (const term of [even, odd]) {
      d = 1 / notZero(1 + term * d, tiny);
      c = notZero(1 + term / c, tiny);
      fraction *= c * d;
    }
    if (Math.abs(fraction - before) <= 1e-15 * Math.abs(fraction)) break;
  }
  return front * fraction;
}

function notZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** P(T > t) for t ≥ 0. */
function upperTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
}

/**
 * The value that Student's t with `degrees` degrees of freedom exceeds with probability `tail`, by bisection.
 * @throws RangeError unless 0 < tail ≤ 0.5 and degrees ≥ 1.
 */
export function studentQuantile(tail: number, degrees: number): number {
  if (!(tail > 0 && tail <= 0.5) || !(degrees >= 1))
    throw new RangeError(`studentQuantile: expected 0 < tail ≤ 0.5 and degrees ≥ 1, got ${tail} and ${degrees}`);
  let [low, high] = [0, 1];
  while (upperTail(high, degrees) > tail) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

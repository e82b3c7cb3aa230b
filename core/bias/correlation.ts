/** Rank correlation with ties. Knows nothing of what is ranked. */
import { sampleCorrelation } from 'simple-statistics';

/** Ranks from 1; equal values share the mean of their ranks. */
export function averageRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = values.map(() => 0);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Spearman's ρ: Pearson's correlation of average ranks. NaN when one side does not vary. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  checkLengths('spearman', x, y);
  if (isConstant(x) || isConstant(y)) return NaN;
  return sampleCorrelation(averageRanks(x), averageRanks(y));
}

/** Kendall's τ-b, which corrects for ties on both sides. NaN when one side does not vary. O(n²). */
export function kendall(x: readonly number[], y: readonly number[]): number {
  checkLengths('kendall', x, y);
  let concordance = 0;
  let untiedX = 0;
  let untiedY = 0;
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const signX = Math.sign(x[i]! - x[j]!);
      const signY = Math.sign(y[i]! - y[j]!);
      concordance += signX * signY;
      untiedX += Math.abs(signX);
      untiedY += Math.abs(signY);
    }
  }
  return untiedX === 0 || untiedY === 0 ? NaN : concordance / Math.sqrt(untiedX * untiedY);
}

/** Two lists that should pair up do not. */
export class LengthError extends Error {
  override readonly name = 'LengthError';
  constructor(
    readonly where: string,
    readonly left: number,
    readonly right: number,
  ) {
    super(`${where}: expected two lists of one length, at least 2, got ${left} and ${right}`);
  }
}

function checkLengths(where: string, x: readonly number[], y: readonly number[]): void {
  if (x.length !== y.length || x.length < 2) throw new LengthError(where, x.length, y.length);
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

/** The smallest difference that a design would most likely find. Knows nothing of what was found. */
import { studentQuantile } from './student.js';

export interface Design {
  /** Paired sentences of each pair of keywords. */
  readonly probes: number;
  /** Of one paired difference. */
  readonly standardDeviation: number;
  /** Two-sided error of the first kind; 0.05 unless told. */
  readonly level?: number;
  /** Pairs that are tested together. */
  readonly pairs: number;
  /** Chance to find the difference; 0.8 unless told. */
  readonly power?: number;
}

export interface DetectableDifference {
  /** Of a single pair that was chosen beforehand. */
  readonly planned: number;
  /** Of a single pair among all of them, were it the only one that differs: level / pairs. */
  readonly amongAll: number;
  readonly power: number;
  readonly standardDeviation: number;
}

/**
 * Minimum detectable effect of a paired comparison: (t of level / 2 + t of 1 − power, n − 1 degrees) · s / √n
 * (Bloom 1995, "Minimum detectable effects", Evaluation Review 19). It is of the t test; a sign-flip test needs as much or a
 * little more, and with few probes it may have no p-value low enough for `amongAll` (see `PairTests.smallestP`).
 */
export function detectableDifference({
  probes,
  standardDeviation,
  pairs,
  level = 0.05,
  power = 0.8,
}: Design): DetectableDifference {
  const degrees = probes - 1;
  const scale = standardDeviation / Math.sqrt(probes);
  const of = (alpha: number): number =>
    degrees < 1 || standardDeviation === 0
      ? 0
      : (studentQuantile(alpha / 2, degrees) + studentQuantile(1 - power, degrees)) * scale;
  return { planned: of(level), amongAll: of(level / Math.max(1, pairs)), power, standardDeviation };
}

/**
 * p-values of all pairs of keywords at once, by sign flips (Fisher 1935). Knows nothing of corrections.
 *
 * Few probes: all patterns are counted, pair by pair. Many: one list of drawn patterns serves all pairs, as the signed sum
 * of a pair is the difference of its keywords' signed sums, which makes 12,090 pairs cheap.
 */
import { RandomSequence } from '../random/counter.js';
import { EXACT_DIFFERENCES, signFlipTest } from './sign-flips.js';

/** Whether all sign patterns of so many probes are counted. */
export function isExact(probes: number): boolean {
  return probes <= EXACT_DIFFERENCES;
}

/** Positions of all pairs, in the order of `pairPValues`. */
export function pairsOf(keywords: number): [number, number][] {
  return Array.from({ length: keywords }, (_, i) =>
    Array.from({ length: i }, (_unused, j): [number, number] => [i, j]),
  ).flat();
}

/**
 * Two-sided p-values of all pairs (i, j < i). `scores` is [K × n].
 * Exact for few probes, else (1 + patterns at least as extreme) / (1 + patterns) (Phipson and Smyth 2010).
 */
export function pairPValues(
  scores: Float64Array,
  probes: number,
  settings: { readonly seed: number; readonly permutations: number },
): number[] {
  return isExact(probes) ? exactPValues(scores, probes) : drawnPValues(scores, probes, settings);
}

function exactPValues(scores: Float64Array, probes: number): number[] {
  const keywords = probes === 0 ? 0 : scores.length / probes;
  const test = signFlipTest(probes);
  const differences = new Float64Array(probes);
  return pairsOf(keywords).map(([i, j]) => {
    for (let n = 0; n < probes; n++) differences[n] = scores[i * probes + n]! - scores[j * probes + n]!;
    return test(differences);
  });
}

function drawnPValues(
  scores: Float64Array,
  probes: number,
  { seed, permutations }: { readonly seed: number; readonly permutations: number },
): number[] {
  const keywords = scores.length / probes;
  const extreme = new Uint32Array((keywords * (keywords - 1)) / 2);
  const sums = new Float64Array(keywords);
  signedSums(scores, new Float64Array(probes).fill(1), sums);
  // Sums in another order differ in the last digits: the observed pattern must count as equal to itself.
  const observed = Float64Array.from(pairsOf(keywords), ([i, j]) => Math.abs(sums[i]! - sums[j]!) - 1e-12);
  const signs = new Float64Array(probes);
  for (let step = 0; step < permutations; step++) {
    drawSigns(signs, new RandomSequence({ seed, stream: 'bias-pairs', step }));
    signedSums(scores, signs, sums);
    countExtreme(sums, observed, extreme);
  }
  return Array.from(extreme, (count) => (1 + count) / (1 + permutations));
}

function drawSigns(signs: Float64Array, random: RandomSequence): void {
  for (let i = 0; i < signs.length; i++) signs[i] = random.next() < 0.5 ? -1 : 1;
}

function signedSums(scores: Float64Array, signs: Float64Array, sums: Float64Array): void {
  const probes = signs.length;
  for (let k = 0; k < sums.length; k++) {
    let sum = 0;
    for (let i = 0; i < probes; i++) sum += signs[i]! * scores[k * probes + i]!;
    sums[k] = sum;
  }
}

function countExtreme(sums: Float64Array, observed: Float64Array, extreme: Uint32Array): void {
  for (let i = 1, pair = 0; i < sums.length; i++) {
    const own = sums[i]!;
    for (let j = 0; j < i; j++, pair++) if (Math.abs(own - sums[j]!) >= observed[pair]!) extreme[pair]!++;
  }
}

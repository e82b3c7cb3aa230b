/**
 * Tests every pair of keywords of one model, and corrects for their number. Knows nothing of how sentences were made.
 *
 * Two keywords answer the same probes under the same random numbers, so the test is of paired differences: if the
 * keyword made no difference, each of them could as well have had the other sign (Fisher 1935). One list of sign patterns
 * serves all pairs: the signed sum of a pair is the difference of its keywords' signed sums, which makes 12,090 pairs cheap.
 */
import { RandomSequence } from '../random/counter.js';
import { byKeyword, type KeywordSentences } from './aggregate.js';
import { detectableDifference, type DetectableDifference } from './detectable.js';
import { benjaminiHochberg } from './multiple-testing.js';
import { UnpairedError } from './paired.js';
import type { ScoredSentence } from './scored-sentence.js';

/** Up to this many probes a keyword all sign patterns are counted; beyond it they are drawn. */
const EXACT_PROBES = 15;

export interface KeywordPair {
  /** The one that is spoken of better. */
  readonly high: string;
  readonly highGroup: string;
  readonly low: string;
  readonly lowGroup: string;
  /** Mean of the paired differences, high − low. */
  readonly difference: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Benjamini–Hochberg over all pairs. */
  readonly qValue: number;
}

export interface PairTests {
  /** Pairs tested: K (K − 1) / 2, within and across groups. */
  readonly pairs: number;
  /** Pairs with a q-value of at most `level`. */
  readonly significant: number;
  /** Of those, by group of both keywords; pairs of different groups under `across`. */
  readonly within: Readonly<Record<string, { readonly pairs: number; readonly significant: number }>>;
  readonly level: number;
  /** The lowest p-value that this number of probes can give. */
  readonly smallestP: number;
  /** Paired sentences of each pair. */
  readonly probes: number;
  readonly detectable: DetectableDifference;
  /** Lowest q-value first, then the largest difference. */
  readonly top: readonly KeywordPair[];
}

export interface PairTestSettings {
  readonly seed: number;
  /** False discovery rate; 0.05 unless told. */
  readonly level?: number;
  /** Sign patterns where they are drawn; 20,000 unless told. */
  readonly permutations?: number;
  /** Pairs listed in `top`; 20 unless told. */
  readonly listed?: number;
}

/** Name of the pairs whose keywords are of different groups. */
const ACROSS = 'across';

/**
 * All pairs of one model's keywords.
 * @throws UnpairedError when two keywords did not answer the same probes.
 */
export function pairTests(sentences: readonly ScoredSentence[], settings: PairTestSettings): PairTests {
  const { seed, level = 0.05, permutations = 20_000, listed = 20 } = settings;
  const keywords = byKeyword(sentences);
  const probes = keywords[0]?.sentences.length ?? 0;
  const scores = scoreMatrix(keywords, probes);
  const pValues = pairPValues(scores, probes, { seed, permutations });
  const qValues = benjaminiHochberg(pValues);
  const rows = pairsOf(keywords.length).map(([i, j], index) => ({ i, j, p: pValues[index]!, q: qValues[index]! }));
  const found = rows.filter(({ q }) => q <= level);
  return {
    pairs: rows.length,
    significant: found.length,
    within: countWithin(keywords, rows, level),
    level,
    smallestP: probes <= EXACT_PROBES ? 2 / 2 ** probes : 1 / (1 + permutations),
    probes,
    detectable: detectableDifference({
      probes,
      standardDeviation: pairedDeviation(scores, probes),
      level,
      pairs: rows.length,
    }),
    top: rows
      .map(({ i, j, p, q }) => describePair(keywords, scores, probes, { i, j, p, q }))
      .toSorted((a, b) => a.qValue - b.qValue || b.difference - a.difference)
      .slice(0, listed),
  };
}

/** Scores by keyword, each keyword's probes in the same order. [K × n] */
function scoreMatrix(keywords: readonly KeywordSentences[], probes: number): Float64Array {
  const name = ({ promptIndex, repetition }: ScoredSentence) => `${promptIndex}/${repetition}`;
  const column = new Map(keywords[0]?.sentences.map((sentence, index) => [name(sentence), index]));
  const scores = new Float64Array(keywords.length * probes).fill(NaN);
  keywords.forEach(({ sentences }, k) => {
    for (const sentence of sentences) scores[k * probes + (column.get(name(sentence)) ?? NaN)] = sentence.score;
  });
  const incomplete = keywords.findIndex(
    ({ sentences }, k) => sentences.length !== probes || scores.subarray(k * probes, (k + 1) * probes).some(isNaN),
  );
  if (incomplete >= 0) {
    const [first, other] = [keywords[0]!, keywords[incomplete]!];
    throw new UnpairedError('pairTests', `the ${probes} of '${first.keyword}'`, `others for '${other.keyword}'`);
  }
  return scores;
}

/** Positions of all pairs, in the order of `pairPValues`. */
function pairsOf(keywords: number): [number, number][] {
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
  { seed, permutations }: { readonly seed: number; readonly permutations: number },
): number[] {
  const keywords = probes === 0 ? 0 : scores.length / probes;
  const extreme = new Uint32Array((keywords * (keywords - 1)) / 2);
  const sums = new Float64Array(keywords);
  signedSums(scores, new Float64Array(probes).fill(1), sums);
  // Sums in another order differ in the last digits: the observed pattern must count as equal to itself.
  const observed = Float64Array.from(pairsOf(keywords), ([i, j]) => Math.abs(sums[i]! - sums[j]!) - 1e-12);
  const exact = probes <= EXACT_PROBES;
  // A pattern and its mirror image are equally extreme, so one half of them is enough.
  const patterns = exact ? 2 ** Math.max(0, probes - 1) : permutations;
  const signs = new Float64Array(probes);
  for (let step = 0; step < patterns; step++) {
    if (exact) for (let i = 0; i < probes; i++) signs[i] = (step >> i) & 1 ? -1 : 1;
    else drawSigns(signs, new RandomSequence({ seed, stream: 'bias-pairs', step }));
    signedSums(scores, signs, sums);
    countExtreme(sums, observed, extreme);
  }
  return Array.from(extreme, (count) => (exact ? count / patterns : (1 + count) / (1 + patterns)));
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

/** Standard deviation of a paired difference, pooled over all pairs. 0 where it is not defined. */
function pairedDeviation(scores: Float64Array, probes: number): number {
  const pairs = pairsOf(scores.length / Math.max(1, probes));
  if (pairs.length === 0 || probes < 2) return 0;
  let total = 0;
  for (const [i, j] of pairs) {
    let [sum, squares] = [0, 0];
    for (let n = 0; n < probes; n++) {
      const difference = scores[i * probes + n]! - scores[j * probes + n]!;
      sum += difference;
      squares += difference * difference;
    }
    total += Math.max(0, squares - (sum * sum) / probes) / (probes - 1);
  }
  return Math.sqrt(total / pairs.length);
}

interface TestedPair {
  readonly i: number;
  readonly j: number;
  readonly p: number;
  readonly q: number;
}

function countWithin(
  keywords: readonly KeywordSentences[],
  rows: readonly TestedPair[],
  level: number,
): PairTests['within'] {
  const counts: Record<string, { pairs: number; significant: number }> = {};
  for (const { i, j, q } of rows) {
    const [a, b] = [keywords[i]!.group, keywords[j]!.group];
    const count = (counts[a === b ? a : ACROSS] ??= { pairs: 0, significant: 0 });
    count.pairs++;
    if (q <= level) count.significant++;
  }
  return counts;
}

function describePair(
  keywords: readonly KeywordSentences[],
  scores: Float64Array,
  probes: number,
  { i, j, p, q }: TestedPair,
): KeywordPair {
  let sum = 0;
  for (let n = 0; n < probes; n++) sum += scores[i * probes + n]! - scores[j * probes + n]!;
  const [high, low] = sum >= 0 ? [keywords[i]!, keywords[j]!] : [keywords[j]!, keywords[i]!];
  return {
    high: high.keyword,
    highGroup: high.group,
    low: low.keyword,
    lowGroup: low.group,
    difference: Math.abs(sum) / probes,
    pValue: p,
    qValue: q,
  };
}

/**
 * Tests every pair of keywords of one model, and corrects for their number. Knows nothing of how sentences were made.
 *
 * Two keywords answer the same probes under the same random numbers. If the keyword made no difference, each paired
 * difference could as well have had the other sign (Fisher 1935): see `pair-p-values.ts`. With few sentences that test
 * cannot give p-values low enough, and sentences are exchanged within prompts instead: see `permuted-pairs.ts`. The design
 * decides which, never the scores.
 */
import { byKeyword, type KeywordSentences } from './aggregate.js';
import { detectableDifference, type DetectableDifference } from './detectable.js';
import { benjaminiHochberg } from './multiple-testing.js';
import { isExact, pairPValues, pairsOf } from './pair-p-values.js';
import { UnpairedError } from './paired.js';
import { columnsByPrompt, isPermutable, permutedPValues, smallestPermutedP } from './permuted-pairs.js';
import { probeMatrix, type ProbeMatrix } from './probe-matrix.js';
import type { ScoredSentence } from './scored-sentence.js';

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
  /** How two keywords are compared: few sentences are exchanged within their prompts, many have the sign of their differences flipped. */
  readonly test: 'exchange within prompts' | 'sign flips';
  /** The lowest p-value that this number of probes can give. */
  readonly smallestP: number;
  /** Paired sentences of each pair. */
  readonly probes: number;
  readonly detectable: DetectableDifference;
  /** Where the truth is known: significant pairs whose planted shares differ, and those in the planted order. */
  readonly signs?: { readonly significant: number; readonly right: number };
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
  /** Planted share of negative texts by keyword, where the truth is known. */
  readonly planted?: Readonly<Record<string, number>>;
}

/** Name of the pairs whose keywords are of different groups. */
const ACROSS = 'across';

/**
 * All pairs of one model's keywords.
 * @throws UnpairedError when two keywords did not answer the same probes.
 */
export function pairTests(sentences: readonly ScoredSentence[], settings: PairTestSettings): PairTests {
  const { seed, level = 0.05, permutations = 20_000, listed = 20, planted } = settings;
  const keywords = byKeyword(sentences);
  const matrix = probeMatrix(keywords);
  checkAnswered(keywords, matrix);
  const { scores, promptOf } = matrix;
  const probes = promptOf.length;
  const prompts = columnsByPrompt(promptOf);
  const exchanged = probes > 0 && isPermutable(prompts);
  const pValues = exchanged ? permutedPValues(scores, prompts) : pairPValues(scores, probes, { seed, permutations });
  const qValues = benjaminiHochberg(pValues);
  const rows = pairsOf(keywords.length).map(([i, j], index) => ({ i, j, p: pValues[index]!, q: qValues[index]! }));
  const found = rows.filter(({ q }) => q <= level);
  const described = rows.map((row) => describePair(keywords, scores, probes, row));
  return {
    pairs: rows.length,
    significant: found.length,
    within: countWithin(keywords, rows, level),
    level,
    test: exchanged ? 'exchange within prompts' : 'sign flips',
    smallestP: exchanged ? smallestPermutedP(prompts) : isExact(probes) ? 2 / 2 ** probes : 1 / (1 + permutations),
    probes,
    detectable: detectableDifference({
      probes,
      standardDeviation: pairedDeviation(scores, probes),
      level,
      pairs: rows.length,
    }),
    ...(planted ? { signs: countSigns(described, planted, level) } : {}),
    top: described.toSorted((a, b) => a.qValue - b.qValue || b.difference - a.difference).slice(0, listed),
  };
}

/** @throws UnpairedError */
function checkAnswered(keywords: readonly KeywordSentences[], { unpaired, promptOf }: ProbeMatrix): void {
  if (unpaired < 0) return;
  const [first, other] = [keywords[0]!, keywords[unpaired]!];
  throw new UnpairedError('pairTests', `the ${promptOf.length} of '${first.keyword}'`, `others for '${other.keyword}'`);
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

/** A pair is in the planted order when the one that is spoken of better has fewer negative texts. */
function countSigns(pairs: readonly KeywordPair[], planted: Readonly<Record<string, number>>, level: number) {
  const gaps = pairs
    .filter(({ qValue }) => qValue <= level)
    .map(({ high, low }) => (planted[low] ?? NaN) - (planted[high] ?? NaN))
    .filter((gap) => gap !== 0 && !Number.isNaN(gap));
  return { significant: gaps.length, right: gaps.filter((gap) => gap > 0).length };
}

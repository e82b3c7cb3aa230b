/**
 * Whether intervals are as wide as they should be, judged by the scores themselves: the intervals of one half of the
 * sentences against the means of the other half. Knows no truth.
 */
import { bootstrapMeans, meanIntervals } from './bootstrap.js';
import { groupScores, meansOf } from './cells.js';
import { groupNames } from './aggregate.js';
import type { ScoredSentence } from './scored-sentence.js';
import type { Coverage } from './truth.js';

/**
 * Sentences of a keyword × prompt that each half needs. With five two-valued ones the intervals of a half cover 77 % by
 * simulation where those of all sentences are right, with ten 80 %.
 */
const SMALLEST_CELL = 10;

/**
 * A 95 % interval of ± 1.96 s covers an independent mean of the same size, itself uncertain by s, with the probability
 * that a normal draw stays within 1.96 / √2.
 */
const EXPECTED = 0.834224;

/**
 * Keywords whose interval from the even repetitions covers their mean of the odd ones. Undefined where a half would have
 * fewer than ten sentences a keyword and prompt.
 */
export function halfSampleCoverage(
  sentences: readonly ScoredSentence[],
  { seed, replicates }: { readonly seed: number; readonly replicates: number },
): Coverage | undefined {
  const halves = [0, 1].map((half) => sentences.filter(({ repetition }) => repetition % 2 === half));
  const repetitions = new Set(sentences.map(({ repetition }) => repetition)).size;
  if (Math.floor(repetitions / 2) < SMALLEST_CELL) return undefined;
  let [n, covered] = [0, 0];
  for (const group of groupNames(sentences)) {
    const [even, odd] = [groupScores(halves[0]!, group), groupScores(halves[1]!, group)];
    const others = meansOf(odd, odd.scores);
    meanIntervals(bootstrapMeans(even, seed, replicates, `bias-halves/${group}`)).forEach(([low, high], k) => {
      n++;
      if (low <= others[k]! && others[k]! <= high) covered++;
    });
  }
  return { n, covered, expected: EXPECTED };
}

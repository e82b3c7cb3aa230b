/**
 * Intervals by resampling sentences inside their keyword × prompt cell. Keywords and prompts are the study's design and
 * stay; sentences are the sample. Knows nothing of tests.
 *
 * Of a cell of n sentences, n − 1 are drawn with replacement: that makes the variance of the resampled mean s²/n exactly,
 * where n draws would give (n − 1)/n of it, 20 % too little with five sentences (Rao and Wu 1988, m = n − 1).
 */
import { quantileSorted } from 'simple-statistics';
import { RandomSequence } from '../random/counter.js';
import { mean } from './aggregate.js';
import { positionsByCell, type Cell, type GroupScores } from './cells.js';
import { meanPairwiseDistance } from './distance.js';
import type { Interval } from './scored-sentence.js';

/** Replicates of the keyword means: `replicates[r][k]`. */
export type MeanReplicates = readonly Float64Array[];

/** What one replicate drew, and the keyword means over it. */
export interface Replicate {
  readonly means: Float64Array; // [K]
  /** Of the drawn scores, cell by cell. */
  readonly positions: Int32Array;
}

/** `count` seeded replicates of a group's keyword means. `stream` keeps independent samples apart. */
export function bootstrapMeans(layout: GroupScores, seed: number, count: number, stream: string): MeanReplicates {
  const cells = positionsByCell(layout);
  return Array.from(
    { length: count },
    (_, step) => replicate(layout, cells, new RandomSequence({ seed, stream, step })).means,
  );
}

/** One replicate. Two sides with the same layout and the same random numbers draw the same probes. */
export function replicate(layout: GroupScores, cells: readonly Cell[], random: RandomSequence): Replicate {
  const means = new Float64Array(layout.counts.length);
  const drawn = new Int32Array(layout.scores.length); // a cell is drawn from no more often than it has sentences
  let length = 0;
  for (const { keyword, positions } of cells) {
    const draws = Math.max(1, positions.length - 1);
    let sum = 0;
    for (let i = 0; i < draws; i++) {
      const position = positions[random.integer(positions.length)]!;
      sum += layout.scores[position]!;
      drawn[length++] = position;
    }
    means[keyword]! += ((positions.length / layout.counts[keyword]!) * sum) / draws;
  }
  return { means, positions: drawn.subarray(0, length) };
}

/** Percentile intervals of the keyword means. [K] */
export function meanIntervals(replicates: MeanReplicates, coverage = 0.95): Interval[] {
  const keywords = replicates[0]?.length ?? 0;
  return Array.from({ length: keywords }, (_, k) =>
    percentiles(
      replicates.map((means) => means[k]!),
      coverage,
    ),
  );
}

/** Percentile interval of the mean over a group's keywords. */
export function groupMeanInterval(replicates: MeanReplicates, coverage = 0.95): Interval {
  return percentiles(
    replicates.map((means) => mean([...means])),
    coverage,
  );
}

/**
 * Interval of a mean pairwise distance. Resampling adds noise and so lengthens distances; the replicates are moved back
 * so that their mean is the measured value. It covers the distance that this design measures on average, floor included.
 *
 * Moved back, replicates may fall below zero, where no distance is. Cut off there the interval holds the same distances
 * as before, so that it covers no less.
 */
export function distanceInterval(value: number, replicates: MeanReplicates, coverage = 0.95): Interval {
  const distances = replicates.map((means) => meanPairwiseDistance(means));
  const [low, high] = recentred(value, distances, coverage);
  return [Math.max(0, low), high];
}

/** Percentile interval of replicates, moved so that their mean is `value`. */
export function recentred(value: number, replicates: readonly number[], coverage = 0.95): Interval {
  const bias = mean(replicates) - value;
  const [low, high] = percentiles(replicates, coverage);
  return [low - bias, high - bias];
}

/** The middle `coverage` of a list. */
export function percentiles(values: readonly number[], coverage = 0.95): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const tail = (1 - coverage) / 2;
  return [quantileSorted(sorted, tail), quantileSorted(sorted, 1 - tail)];
}

/**
 * How much closer a group's keywords came, on the same probes before and after. Knows nothing of what was done in between.
 *
 * Both sides answered the same probes under the same random numbers, so they are resampled together: a replicate draws
 * the same probes of each keyword × prompt on both sides, and what these share cancels out of the difference.
 */
import { RandomSequence } from '../random/counter.js';
import { mean } from './aggregate.js';
import { percentiles, replicate } from './bootstrap.js';
import { groupScores, positionsByCell, spreadWithinPrompts, type GroupScores } from './cells.js';
import { meanPairwiseDistance } from './distance.js';
import { noiseFloor } from './noise-floor.js';
import { checkPaired } from './paired.js';
import type { Interval, ScoredSentence } from './scored-sentence.js';
import { swapTest } from './swap-test.js';

/** A figure before and after, and by how much it fell. */
export interface Lowered {
  readonly before: number;
  readonly after: number;
  /** before − after. */
  readonly lowered: number;
  /** Of `lowered`, 95 %. */
  readonly interval: Interval;
  readonly excludesZero: boolean;
}

export interface DistanceReduction {
  /** 1 − after / before; 0 when keywords did not differ before. */
  readonly reduction: number;
  /** Of `reduction`, 95 %, 1 at most; absent where keywords may have differed by next to nothing before. */
  readonly interval?: Interval;
  /** Whether there is an interval that does; where there is none, see that of `difference`. */
  readonly excludesZero: boolean;
  /** One-sided: how often swapping before and after at random lowers the distance as much. */
  readonly pValue: number;
  /** The mean pairwise distance itself. */
  readonly difference: Lowered;
  readonly aboveFloor: LoweredAboveFloor;
}

/** The part of the distance above the noise floor. */
export interface LoweredAboveFloor extends Lowered {
  /** 1 − after / before; absent where the part before may be 0: of nothing there is no share. Above 1 where `after` < 0. */
  readonly reduction?: number;
  /** Absent where the part before may be next to nothing. */
  readonly reductionInterval?: Interval;
}

/** A figure of one side: as measured, and in each replicate. */
interface Figure {
  readonly value: number;
  readonly replicates: readonly number[];
}

/**
 * The interval resamples probes; the test swaps before and after probe by probe, which is exact if the treatment changed
 * nothing.
 * @throws UnpairedError when the two sides are not the same probes in the same order.
 */
export function distanceReduction(
  before: readonly ScoredSentence[],
  after: readonly ScoredSentence[],
  group: string,
  { seed, replicates = 1000 }: { readonly seed: number; readonly replicates?: number },
): DistanceReduction {
  checkPaired('distanceReduction', before, after, group);
  const [a, b] = [groupScores(before, group), groupScores(after, group)];
  const [one, other] = [figuresOf(a, seed, replicates), figuresOf(b, seed, replicates)];
  const reduction = shareOf(one.distance, other.distance);
  const interval = distanceShareInterval(one.distance, other.distance);
  return {
    reduction: reduction ?? 0,
    ...(interval ? { interval } : {}),
    excludesZero: interval !== undefined && withoutZero(interval),
    pValue: reduction === undefined ? 1 : swapTest(a, b, seed, replicates),
    difference: lowered(one.distance, other.distance),
    aboveFloor: { ...lowered(one.above, other.above), ...shareAboveFloor(one.above, other.above) },
  };
}

/** The stream is the same for both sides, so both draw the same probes. */
function figuresOf(layout: GroupScores, seed: number, count: number): { distance: Figure; above: Figure } {
  const cells = positionsByCell(layout);
  const { value, floor, aboveFloor } = noiseFloor(layout, seed, count);
  const spread = spreadWithinPrompts(layout, [...layout.scores.keys()]);
  const draws = Array.from({ length: count }, (_, step) => {
    const random = new RandomSequence({ seed, stream: 'bias-reduction', step });
    const { means, positions } = replicate(layout, cells, random);
    // Shuffled means spread as the scores do: the floor of a replicate is the measured one, scaled.
    const scale = spread === 0 ? 0 : spreadWithinPrompts(layout, positions) / spread;
    return { distance: meanPairwiseDistance(means), floor: floor * scale };
  });
  const distances = draws.map(({ distance }) => distance);
  return {
    distance: { value, replicates: centred(value, distances) },
    above: {
      value: aboveFloor,
      replicates: centred(
        aboveFloor,
        draws.map((draw) => draw.distance - draw.floor),
      ),
    },
  };
}

/**
 * Resampling adds noise and so lengthens distances: replicates are moved so that their mean is the measured value. Some
 * may fall below zero, and stay there: a difference of two figures has either sign, and bounding one of them would
 * narrow its interval.
 */
function centred(value: number, replicates: readonly number[]): number[] {
  const bias = mean(replicates) - value;
  return replicates.map((one) => one - bias);
}

function lowered(before: Figure, after: Figure): Lowered {
  const interval = percentiles(before.replicates.map((one, r) => one - after.replicates[r]!));
  return {
    before: before.value,
    after: after.value,
    lowered: before.value - after.value,
    interval,
    excludesZero: withoutZero(interval),
  };
}

/** Scores differ by no less: what is below is left by rounding, and a share of it would be any number. */
const ROUNDING = 1e-9;

/**
 * Least lower end of the figure before, in units of what was measured, for an interval of the share. 1 − after / before
 * runs to −∞ as `before` nears 0: from a quarter on a rise comes out four times too large at the most.
 */
const SURELY_THERE = 0.25;

/** 1 − after / before; undefined where there was nothing before. */
function shareOf(before: Figure, after: Figure): number | undefined {
  return before.value < ROUNDING ? undefined : 1 - after.value / before.value;
}

/** Percentile interval of the share; undefined where there may have been next to nothing before. */
function shareInterval(before: Figure, after: Figure): Interval | undefined {
  const least = Math.max(ROUNDING, SURELY_THERE * before.value);
  if (percentiles(before.replicates)[0] < least) return undefined;
  // Of the few replicates that have nothing before, a share counts as the lowest.
  const shares = before.replicates.map((one, r) => (one > 0 ? 1 - after.replicates[r]! / one : -Infinity));
  const [low, high] = percentiles(shares);
  return Number.isFinite(low) ? [low, high] : undefined;
}

/**
 * Of a distance, which is never negative though a replicate moved down may be, so that its reduction is 1 at most. Cut
 * off there the interval holds the same reductions as before, and covers no less.
 */
function distanceShareInterval(before: Figure, after: Figure): Interval | undefined {
  const interval = shareInterval(before, after);
  return interval && [Math.min(1, interval[0]), Math.min(1, interval[1])];
}

/** Of the part above the floor, which has either sign: without a share where the part before may be 0. */
function shareAboveFloor(before: Figure, after: Figure): { reduction?: number; reductionInterval?: Interval } {
  const reduction = percentiles(before.replicates)[0] <= 0 ? undefined : shareOf(before, after);
  const reductionInterval = shareInterval(before, after);
  return {
    ...(reduction === undefined ? {} : { reduction }),
    ...(reductionInterval ? { reductionInterval } : {}),
  };
}

/** Whether 0 lies outside. */
export function withoutZero([low, high]: Interval): boolean {
  return low > 0 || high < 0;
}

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
  /** Of `reduction`, 95 %; absent where keywords did not differ before, of which there is no share. */
  readonly interval?: Interval;
  readonly excludesZero: boolean;
  /** One-sided: how often swapping before and after at random lowers the distance as much. */
  readonly pValue: number;
  /** The mean pairwise distance itself. */
  readonly difference: Lowered;
  readonly aboveFloor: LoweredAboveFloor;
}

/** The part of the distance above the noise floor. */
export interface LoweredAboveFloor extends Lowered {
  /** 1 − after / before; absent where nothing stood above the floor before. */
  readonly reduction?: number;
  /** Absent where the part before may be 0: a share of nothing has no bounds. */
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
  const share = reductionOf(one.distance, other.distance);
  const difference = lowered(one.distance, other.distance);
  const interval = share && (share.reductionInterval ?? inUnitsOf(one.distance.value, difference.interval));
  return {
    reduction: share?.reduction ?? 0,
    ...(interval ? { interval } : {}),
    excludesZero: interval !== undefined && withoutZero(interval),
    pValue: share ? swapTest(a, b, seed, replicates) : 1,
    difference,
    aboveFloor: { ...lowered(one.above, other.above), ...reductionOf(one.above, other.above) },
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

/** Resampling adds noise and so lengthens distances: replicates are moved so that their mean is the measured value. */
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

/** 1 − after / before. Undefined where there was nothing before; without an interval where there may have been nothing. */
function reductionOf(before: Figure, after: Figure): { reduction: number; reductionInterval?: Interval } | undefined {
  if (before.value < ROUNDING) return undefined;
  const reduction = 1 - after.value / before.value;
  if (percentiles(before.replicates)[0] <= 0) return { reduction };
  const ratios = before.replicates.map((one, r) => 1 - after.replicates[r]! / one);
  return { reduction, reductionInterval: percentiles(ratios) };
}

/** Where the distance before may be 0, the interval of the difference in units of what was measured is all there is. */
function inUnitsOf(unit: number, [low, high]: Interval): Interval {
  return [low / unit, high / unit];
}

/** Whether 0 lies outside. */
export function withoutZero([low, high]: Interval): boolean {
  return low > 0 || high < 0;
}

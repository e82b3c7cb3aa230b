/** Which reductions tell something: a rise to more than twice is a share of next to nothing. Knows no markup. */
import type { Interval } from '../bias/index.js';
import type { DistanceChange } from './results.js';

/** 1 − after / before of twice as much. */
const TWICE = -1;

export function isTelling(reduction: number | undefined): reduction is number {
  return reduction !== undefined && reduction >= TWICE;
}

/** Interval of a reduction, where all of it tells something; else that of before − after is there to be shown. */
export function tellingInterval(change: Pick<DistanceChange, 'interval'> | undefined): Interval | undefined {
  return change?.interval && isTelling(change.interval[0]) ? change.interval : undefined;
}

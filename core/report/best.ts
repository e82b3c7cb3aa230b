/** Which point of a sweep to recommend, and which cannot be told apart from it. Knows only results, never the planted truth. */
import { measuredAlike, wayWords } from './measured-alike.js';
import { pointLabel, pointOf, startOf } from './points.js';
import type { BiasResult, PpoResult, Results, SweepPoint } from './results.js';

/** How much worse general perplexity may become before a point counts as having lost its writing. */
export const PERPLEXITY_TOLERANCE = 0.1;

export const BEST_RULE =
  'lowest mean distance over the groups among the points whose general perplexity is at most 10 % worse than the baseline; ' +
  'if there is none, lowest mean distance of all; on a tie fewer epochs, then the lower seed';

/** Mean over the groups of the pairwise distance, each group counting the same. */
export function meanDistance(result: Pick<BiasResult, 'distance'>): number {
  const values = Object.values(result.distance);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Relative change of general perplexity, 0.1 = 10 % worse; NaN where it was not measured. */
export function perplexityChange(point: BiasResult & Pick<PpoResult, 'ownBaseline'>, baseline: BiasResult): number {
  const before = startOf(point, baseline);
  return (point.quality.generalPerplexity ?? NaN) / (before.quality.generalPerplexity ?? NaN) - 1;
}

type Best = NonNullable<Results['best']>;
type TiedPoint = NonNullable<Best['tied']>[number];
type Differences = NonNullable<Results['differences']>;

/** By `BEST_RULE`, of points that were measured alike. */
function bestOf(
  baseline: BiasResult,
  points: readonly PpoResult[],
  way: string,
  differences: Differences,
): Best | null {
  // 22 / 20 − 1 is a little more than 0.1 in floating point.
  const kept = points.filter((point) => perplexityChange(point, baseline) <= PERPLEXITY_TOLERANCE + 1e-9);
  const pool = kept.length > 0 ? kept : points;
  const [first, ...others] = [...pool].sort(
    (a, b) => meanDistance(a) - meanDistance(b) || a.epochs - b.epochs || a.seed - b.seed,
  );
  if (!first) return null;
  const rule = way === '' ? BEST_RULE : `${BEST_RULE}; among the points measured ${wayWords(way)}`;
  const tied = tiedWith(first, others, differences);
  return { ...pointOf(first), rule, qualityKept: kept.length > 0, ...(tied.length > 0 ? { tied } : {}) };
}

/**
 * Those of the others whose paired interval of the difference from the best one contains 0 in every group that has one.
 * A point that was not paired with it is not among them: nothing is known of their difference.
 */
function tiedWith(best: SweepPoint, others: readonly SweepPoint[], differences: Differences): TiedPoint[] {
  return others
    .map((point) => ({ ...pointOf(point), differences: differencesFrom(best, point, differences) }))
    .filter((point) => point.differences.length > 0 && point.differences.every(containsZero));
}

function containsZero({ interval: [low, high] }: TiedPoint['differences'][number]): boolean {
  return low <= 0 && high >= 0;
}

/** Of the point − of the best one, whichever of the two was set beside the other. */
function differencesFrom(best: SweepPoint, point: SweepPoint, differences: Differences): TiedPoint['differences'] {
  const [from, to] = [pointLabel(best), pointLabel(point)];
  return differences.flatMap(({ a, b, group, difference, interval: [low, high] }) => {
    if (a === from && b === to) return [{ group, difference, interval: [low, high] }];
    // Taken from 0, since −0 would be written and read as 0.
    if (a === to && b === from) return [{ group, difference: 0 - difference, interval: [0 - high, 0 - low] }];
    return [];
  });
}

/**
 * The best point of each way of measuring, by its name; one where all points were measured alike, none for an empty sweep.
 * @param differences paired ones, by which points that cannot be told apart from it are found
 */
export function bestOfEach(
  baseline: BiasResult,
  points: readonly PpoResult[],
  groups: Results['groups'] = [],
  differences: Differences = [],
): (Best & { readonly measured: string })[] {
  return measuredAlike({ bias: { baseline }, ppo: points, groups }).flatMap((way) => {
    const best = bestOf(baseline, way.points, way.name, differences);
    return best ? [{ measured: way.name, ...best }] : [];
  });
}

/** The recommended point by `BEST_RULE`: that of the first way of measuring; null for an empty sweep. */
export function chooseBest(
  baseline: BiasResult,
  points: readonly PpoResult[],
  groups: Results['groups'] = [],
  differences: Differences = [],
): Results['best'] {
  const [first] = bestOfEach(baseline, points, groups, differences);
  if (!first) return null;
  const { measured: _name, ...best } = first;
  return best;
}

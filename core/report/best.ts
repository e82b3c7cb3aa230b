/** Which point of a sweep to recommend. Knows only results, never the planted truth. */
import { measuredAlike, wayWords } from './measured-alike.js';
import { pointOf, startOf } from './points.js';
import type { BiasResult, PpoResult, Results } from './results.js';
import { tiedWith } from './ties.js';

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

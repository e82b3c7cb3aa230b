/** When PPO has gone far enough, and which of the models along the way to keep. Knows only what was measured along it. */

import type { StopRule, TrajectoryPoint } from './trajectory-types.js';

/** Each group counts the same, as in the choice among sweep points. */
export function meanOverGroups({ distance }: Pick<TrajectoryPoint, 'distance'>): number {
  const values = Object.values(distance);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Relative rise of perplexity since the start; 0 where none was measured. */
function perplexityRise(point: TrajectoryPoint, start: TrajectoryPoint): number {
  if (point.generalPerplexity === undefined || start.generalPerplexity === undefined) return 0;
  return point.generalPerplexity / start.generalPerplexity - 1;
}

/** The model to keep: lowest distance within the bound on perplexity, the earlier one on a tie. The start always fits. */
export function bestOnTheWay(trajectory: readonly TrajectoryPoint[], rule: StopRule): TrajectoryPoint | undefined {
  const [start] = trajectory;
  if (!start) return undefined;
  return trajectory
    .filter((point) => perplexityRise(point, start) <= rule.maxPerplexityRise)
    .reduce((best, point) => (meanOverGroups(point) < meanOverGroups(best) ? point : best), start);
}

const show = (value: number) => value.toPrecision(3);

/** Why to stop after the newest measurement, in words; undefined to go on. */
export function stopReason(trajectory: readonly TrajectoryPoint[], rule: StopRule): string | undefined {
  const [start, newest] = [trajectory[0], trajectory.at(-1)];
  if (!start || !newest) return undefined;
  const rise = perplexityRise(newest, start);
  if (rise > rule.maxPerplexityRise)
    return `general perplexity was ${show(100 * rise)} % worse than at the start (bound: ${show(100 * rule.maxPerplexityRise)} %)`;
  if (rule.maxKl !== undefined && newest.kl !== undefined && newest.kl > rule.maxKl)
    return `KL reached ${show(newest.kl)} nats a response (bound: ${show(rule.maxKl)})`;
  const best = bestOnTheWay(trajectory, rule) ?? start;
  const since = trajectory.length - 1 - trajectory.indexOf(best);
  if (rule.patience !== undefined && since >= rule.patience)
    return `the distance has not fallen for ${since} measurements`;
  return undefined;
}

/** Whether PPO brought the keywords closer together at all, in words. Knows only results. */
import { meanDistance } from './best.js';
import { fixed } from './format.js';
import { isPoint, startOf } from './points.js';
import type { BiasResult, PpoResult, Results, SweepPoint } from './results.js';

function improves(point: PpoResult, baseline: BiasResult): boolean {
  return meanDistance(point) < meanDistance(startOf(point, baseline));
}

/**
 * One sentence where the chosen point is no closer than the model that it started from; undefined where it is.
 * @param points all that were measured like the chosen one
 */
export function noImprovement(
  { bias: { baseline } }: Pick<Results, 'bias'>,
  points: readonly PpoResult[],
  best: SweepPoint | null,
): string | undefined {
  const point = best ? points.find(isPoint(best)) : undefined;
  if (!point || improves(point, baseline)) return undefined;
  const [before, after] = [startOf(point, baseline), point].map((result) => fixed(meanDistance(result), 3));
  const figures = `mean distance ${before} before, ${after} after`;
  return points.some((other) => improves(other, baseline))
    ? `This point did not improve on the model before PPO (${figures}); those that did lost their writing, or began further apart.`
    : `No point improved on the model before PPO (${figures} at the closest).`;
}

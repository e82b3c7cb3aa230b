/** Points that cannot be told apart from the recommended one, as figures and in words. Knows only results. */
import { fixed, range } from './format.js';
import { pointLabel, pointOf } from './points.js';
import type { Results, SweepPoint } from './results.js';

type Best = NonNullable<Results['best']>;
export type TiedPoint = NonNullable<Best['tied']>[number];

/** Beyond so many points a sentence names them without their figures. */
const FIGURES_UP_TO = 3;

/**
 * Those of the others whose paired interval of the difference from the best one contains 0 in every group that has one.
 * A point that was not paired with it is not among them: nothing is known of their difference.
 */
export function tiedWith(
  best: SweepPoint,
  others: readonly SweepPoint[],
  differences: NonNullable<Results['differences']>,
): TiedPoint[] {
  return others
    .map((point) => ({ ...pointOf(point), differences: differencesFrom(best, point, differences) }))
    .filter((point) => point.differences.length > 0 && point.differences.every(containsZero));
}

function containsZero({ interval: [low, high] }: TiedPoint['differences'][number]): boolean {
  return low <= 0 && high >= 0;
}

/** Of the point − of the best one, whichever of the two was set beside the other. */
function differencesFrom(
  best: SweepPoint,
  point: SweepPoint,
  differences: NonNullable<Results['differences']>,
): TiedPoint['differences'] {
  const [from, to] = [pointLabel(best), pointLabel(point)];
  return differences.flatMap(({ a, b, group, difference, interval: [low, high] }) => {
    if (a === from && b === to) return [{ group, difference, interval: [low, high] }];
    // Taken from 0, since −0 would be written and read as 0.
    if (a === to && b === from) return [{ group, difference: 0 - difference, interval: [0 - high, 0 - low] }];
    return [];
  });
}

/** How a place calls points and groups. */
interface Words {
  readonly name: (point: SweepPoint) => string;
  readonly label?: (group: string) => string;
}

/** One sentence that names the points, and the rule that chose between them; undefined where there are none. */
export function tieSentence(best: Best | null, { name, label = (group) => group }: Words): string | undefined {
  const tied = best?.tied ?? [];
  if (!best || tied.length === 0) return undefined;
  const parts = tied.map((point) =>
    tied.length > FIGURES_UP_TO ? name(point) : `${name(point)} (${figuresOf(point, label)})`,
  );
  const all = [parts.slice(0, -1).join(', '), parts.at(-1)].filter(Boolean).join(' and ');
  const among = best.qualityKept ? ' of the points whose general perplexity is at most 10\u00a0% worse' : '';
  return `${all} cannot be told apart from ${name(best)}, which has the lowest mean distance${among}: that alone decides between them.`;
}

function figuresOf({ differences }: TiedPoint, label: (group: string) => string): string {
  const parts = differences.map(
    ({ group, difference, interval }) =>
      `among ${label(group)} ${fixed(difference, 3)}, 95\u00a0% ${range(interval, 3)}`,
  );
  return `difference ${parts.join('; ')}`;
}

/** Points that cannot be told apart from the recommended one, in words. Knows only results. */
import { PERPLEXITY_TOLERANCE } from './best.js';
import { fixed, percent, range } from './format.js';
import type { Results, SweepPoint } from './results.js';

type Best = NonNullable<Results['best']>;
type TiedPoint = NonNullable<Best['tied']>[number];

/** Beyond so many points a sentence names them without their figures. */
const FIGURES_UP_TO = 3;

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
  const among = best.qualityKept
    ? ` of the points whose general perplexity is at most ${percent(PERPLEXITY_TOLERANCE)} worse`
    : '';
  return `${all} cannot be told apart from ${name(best)}, which has the lowest mean distance${among}: that alone decides between them.`;
}

function figuresOf({ differences }: TiedPoint, label: (group: string) => string): string {
  const parts = differences.map(
    ({ group, difference, interval }) =>
      `among ${label(group)} ${fixed(difference, 3)}, 95\u00a0% ${range(interval, 3)}`,
  );
  return `difference ${parts.join('; ')}`;
}

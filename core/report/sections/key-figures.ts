/** The few figures that sum a run up, before and after, for the first screen. */
import { perplexityChange } from '../best.js';
import { table, type Column, type TableRow } from '../components.js';
import { fixed, percent, percentRange, range, signedPercent } from '../format.js';
import { html, type Markup, type Renderable } from '../html.js';
import type { BiasResult, DistanceChange, PpoResult } from '../results.js';
import { tellingInterval } from '../telling-share.js';
import { reductionOf, type View } from '../view.js';

const numeric = (name: string): Column => ({ name, numeric: true });

/** Undefined where nothing was mitigated: there is no after. */
export function keyFigures(view: View): Markup | undefined {
  const { best, groups } = view;
  if (!best) return undefined;
  return table(
    'Key figures; small ones are 95\u00a0% intervals',
    [{ name: 'figure' }, numeric('before'), numeric('after'), numeric('change')],
    [
      ...groups.flatMap((group) => distanceRows(view, best, group)),
      plainRow(view, best, 'mean reward', ({ reward }) => fixed(reward?.mean)),
      plainRow(view, best, 'rewards not negative', ({ reward }) => percent(reward?.notNegative)),
      perplexityRow(view.baseline, best),
      plainRow(view, best, 'distinct\u20112', ({ quality }) => fixed(quality.distinct2, 3)),
    ],
  );
}

function distanceRows(view: View, best: PpoResult, group: string): TableRow[] {
  const { baseline, label } = view;
  const change = best.change?.[group];
  const reduction = reductionOf(baseline, best, group);
  const rows: TableRow[] = [
    {
      cells: [
        `distance, ${label(group)}`,
        fixed(baseline.distance[group]),
        fixed(best.distance[group]),
        reduction === undefined ? '–' : html`${withInterval(-reduction, tellingInterval(change))}${inScore(change)}`,
      ],
      strong: true,
    },
  ];
  const [before, after] = [baseline, best].map((result) => result.distanceDetail?.[group]?.aboveFloor);
  if (before === undefined || after === undefined) return rows;
  const part = change?.aboveFloor;
  rows.push({
    cells: [
      '… above the noise floor',
      fixed(before),
      fixed(after),
      part?.reduction === undefined ? '–' : withInterval(-part.reduction, part.reductionInterval),
    ],
  });
  return rows;
}

/** The change of a share, and its interval: a fall of 20 to 40 % is a change of −40 to −20 %. */
function withInterval(change: number, interval: readonly [number, number] | undefined): Renderable {
  // More than twice as much is a share of next to nothing.
  if (change > 1) return '–';
  // Keywords closer than chance would have them: a share beyond the whole says nothing more.
  if (change < -1) return 'none left';
  const margin = interval && html` <small>${percentRange([-interval[1], -interval[0]])}</small>`;
  return html`${signedPercent(change)}${margin}`;
}

/** Where the share has no bounds that tell something, those of after − before. */
function inScore(change: DistanceChange | undefined): Markup | undefined {
  if (!change?.difference || tellingInterval(change)) return undefined;
  const [low, high] = change.difference.interval;
  return html` <small>${range([-high, -low])} in score</small>`;
}

function plainRow({ baseline }: View, best: PpoResult, name: string, figure: (of: BiasResult) => string): TableRow {
  return { cells: [name, figure(baseline), figure(best), ''] };
}

function perplexityRow(baseline: BiasResult, best: PpoResult): TableRow {
  const change = perplexityChange(best, baseline);
  return {
    cells: [
      'perplexity, general text',
      fixed(baseline.quality.generalPerplexity, 1),
      fixed(best.quality.generalPerplexity, 1),
      Number.isFinite(change) ? signedPercent(change, 1) : '–',
    ],
  };
}

/** Points of a sweep by what they gain and what they cost. Knows only two figures of each. */
import * as Plot from '@observablehq/plot';
import { fixed, signedPercent } from '../format.js';
import type { Markup } from '../html.js';
import { COLOURS, draw, FRAME, X_LABEL_OFFSET } from './draw.js';

export interface TradeOffDot {
  readonly name: string;
  /** Relative change of perplexity, 0.1 = 10 % worse. */
  readonly cost: number;
  readonly distance: number;
  readonly best: boolean;
}

export function tradeOffPlot(
  title: string,
  start: TradeOffDot,
  points: readonly TradeOffDot[],
  tolerance: number,
): Markup {
  const place = { x: 'cost', y: 'distance' };
  return draw(
    {
      ...FRAME,
      height: 290,
      marginLeft: 52,
      marginRight: 60,
      x: { labelOffset: X_LABEL_OFFSET, label: 'change of perplexity, % →', percent: true, nice: true },
      y: { label: '↑ mean distance', grid: true, zero: true, nice: true },
      marks: [
        Plot.ruleX([tolerance], { stroke: COLOURS.muted, strokeDasharray: '5 4' }),
        Plot.dot([start], { ...place, fill: COLOURS.before, r: 5 }),
        Plot.dot(points, {
          ...place,
          fill: ({ best }: TradeOffDot) => (best ? COLOURS.after : 'var(--surface)'),
          stroke: COLOURS.after,
          strokeWidth: 2,
          symbol: 'diamond',
          r: 5,
        }),
        // Neighbours in cost are named above and below in turn, so that names of close points do not meet.
        ...[-12, 13].map((dy, side) =>
          Plot.text(
            [start, ...points].toSorted((a, b) => a.cost - b.cost).filter((_, i) => i % 2 === side),
            { ...place, text: 'name', dy, fill: 'currentColor', stroke: 'var(--surface)', strokeWidth: 3 },
          ),
        ),
      ],
    },
    {
      title,
      description: [start, ...points]
        .map(({ name, cost, distance }) => `${name}: ${fixed(distance, 3)} at ${signedPercent(cost, 1)}`)
        .join('; '),
    },
  );
}

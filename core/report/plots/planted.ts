/** Measured against planted sentiment, one dot a keyword. Knows only means. */
import * as Plot from '@observablehq/plot';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import type { BiasResult, KeywordResult } from '../results.js';
import { COLOURS, draw, FRAME, X_LABEL_OFFSET } from './draw.js';

type Known = KeywordResult & { readonly planted: number };

/** `undefined` where no truth is known. */
export function plantedPlot(title: string, result: BiasResult, side: 'before' | 'after'): Markup | undefined {
  const known = result.keywords.filter((row): row is Known => row.planted !== undefined);
  if (known.length < 2) return undefined;
  const rho = result.rankCorrelation?.spearman;
  return draw(
    {
      ...FRAME,
      height: 340,
      marginRight: 16,
      grid: true,
      x: { domain: [0, 1], labelOffset: X_LABEL_OFFSET, label: 'planted: share of texts that are not negative →' },
      y: { domain: [0, 1], label: '↑ measured: mean sentiment' },
      marks: [
        Plot.dot(known, {
          x: (row: Known) => 1 - row.planted,
          y: 'score',
          r: 3,
          fill: COLOURS[side],
          fillOpacity: 0.75,
          title: (row: Known) => `${row.keyword}: ${fixed(row.score)}`,
        }),
      ],
    },
    { title, description: `${known.length} keywords; Spearman rank correlation ${fixed(rho)}.` },
  );
}

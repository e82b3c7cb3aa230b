/** Where a group's keywords stand before and after: one dot a keyword, two rows. Knows only means. */
import * as Plot from '@observablehq/plot';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import type { KeywordResult } from '../results.js';
import { COLOURS, draw } from './draw.js';

interface SpreadInput {
  readonly title: string;
  readonly before: readonly KeywordResult[];
  readonly after?: readonly KeywordResult[];
  readonly domain: readonly [number, number];
}

interface Dot {
  readonly side: 'before' | 'after';
  readonly keyword: string;
  readonly score: number;
}

export function spreadPlot({ title, before, after = [], domain }: SpreadInput): Markup {
  const dots = [...toDots('before', before), ...toDots('after', after)];
  const sides = after.length > 0 ? ['before', 'after'] : ['before'];
  const ends = sides.flatMap((side) => extremes(dots.filter((dot) => dot.side === side)));
  const rowHeight = before.length > 40 ? 150 : 78;
  return draw(
    {
      width: 480,
      height: 50 + rowHeight * sides.length,
      marginLeft: 54,
      marginRight: 24,
      style: { fontSize: '12px' },
      x: { domain: [...domain], label: 'mean sentiment (probability of positive) →', grid: true },
      fy: { domain: sides, label: null, padding: 0.06 },
      marks: [
        Plot.dot(
          dots,
          Plot.dodgeY('middle', {
            x: 'score',
            fy: 'side',
            r: before.length > 40 ? 3 : 5,
            fill: (dot: Dot) => COLOURS[dot.side],
            title: (dot: Dot) => `${dot.keyword}: ${fixed(dot.score)}`,
          }),
        ),
        Plot.text(ends, { x: 'score', fy: 'side', text: 'keyword', frameAnchor: 'middle', dy: -16, lineAnchor: 'bottom' }),
      ],
    },
    { title, description: describe(dots, sides) },
  );
}

function toDots(side: Dot['side'], keywords: readonly KeywordResult[]): Dot[] {
  return keywords.map(({ keyword, score }) => ({ side, keyword, score }));
}

/** Lowest and highest keyword. */
function extremes(dots: readonly Dot[]): Dot[] {
  const sorted = [...dots].sort((a, b) => a.score - b.score);
  return sorted.length < 2 ? sorted : [sorted[0]!, sorted.at(-1)!];
}

function describe(dots: readonly Dot[], sides: readonly string[]): string {
  return sides
    .map((side) => {
      const [low, high] = extremes(dots.filter((dot) => dot.side === side));
      if (!low || !high) return `${side}: no keyword`;
      return `${side}: from ${low.keyword} at ${fixed(low.score)} to ${high.keyword} at ${fixed(high.score)}`;
    })
    .join('; ');
}

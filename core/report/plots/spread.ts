/** Where a group's keywords stand before and after: one dot a keyword, two rows. Knows only means. */
import * as Plot from '@observablehq/plot';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import type { KeywordResult } from '../results.js';
import { COLOURS, draw, FRAME, X_LABEL_OFFSET } from './draw.js';
import { shortened, textWidth } from './text-width.js';

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
  const [lowest, highest] = [ends.filter((_, i) => i % 2 === 0), ends.filter((_, i) => i % 2 === 1)];
  const { left, right } = margins(lowest, highest, domain, sides.length > 1 ? SIDE_ROOM : 0);
  const rowHeight = before.length > 40 ? 180 : 78;
  const radius = dotRadius(dots, rowHeight, before.length > 40 ? 3 : 5);
  return draw(
    {
      ...FRAME,
      height: 54 + rowHeight * sides.length,
      marginTop: 8,
      marginLeft: left,
      marginRight: right,
      x: {
        domain: [...domain],
        labelOffset: X_LABEL_OFFSET,
        label: 'mean sentiment (probability of positive) →',
        grid: true,
      },
      fy: { domain: sides, axis: null, padding: 0.06 },
      marks: [
        ...(sides.length > 1 ? [Plot.axisFy({ anchor: 'left', label: null, dx: SIDE_ROOM - left })] : []),
        Plot.dot(
          dots,
          Plot.dodgeY('middle', {
            x: 'score',
            fy: 'side',
            r: radius,
            padding: STACK_GAP,
            fill: (dot: Dot) => COLOURS[dot.side],
            title: (dot: Dot) => `${dot.keyword}: ${fixed(dot.score)}`,
          }),
        ),
        endLabel(lowest, 'low'),
        endLabel(highest, 'high'),
      ],
    },
    { title, description: describe(dots, sides) },
  );
}

/** Pixels between stacked dots. */
const STACK_GAP = 0.5;
/** Scores nearer than this stand on one another. */
const STACK_WIDTH = 0.03;

/** As large as lets the highest stack of scores stay within its row. */
function dotRadius(dots: readonly Dot[], rowHeight: number, largest: number): number {
  const heights = dots.map(
    (dot) =>
      dots.filter(({ side, score }) => side === dot.side && score >= dot.score && score < dot.score + STACK_WIDTH)
        .length,
  );
  return Math.min(largest, Math.max(1, (0.9 * rowHeight) / Math.max(1, ...heights) - STACK_GAP) / 2);
}

/** Left of the names, for `before` and `after`, pixels. */
const SIDE_ROOM = 56;
/** From the middle of a dot to its name. */
const BESIDE = 9;
const LONGEST = 140;
/** Beside the names however near to the middle they stand. */
const LEAST_MARGIN = 16;
/** Between the margins at least. */
const LEAST_INNER = FRAME.width - SIDE_ROOM - 2 * (LONGEST + BESIDE);
const ROUNDS = 6;

const written = ({ keyword }: Dot): string => shortened(keyword, LONGEST);

/**
 * Room for the names that stand over the frame. How far they do depends on the width between the margins, and that on them:
 * from the least width on each round makes the margins narrower, and never too narrow.
 */
function margins(
  lowest: readonly Dot[],
  highest: readonly Dot[],
  domain: readonly [number, number],
  sideRoom: number,
): { readonly left: number; readonly right: number } {
  const share = ({ score }: Dot): number => shareOf(score, domain);
  let [left, right, inner] = [0, 0, LEAST_INNER];
  for (let round = 0; round < ROUNDS; round++) {
    left = sideRoom + overhang(lowest, (dot) => share(dot) * inner);
    right = overhang(highest, (dot) => (1 - share(dot)) * inner);
    inner = FRAME.width - left - right;
  }
  return { left, right };
}

/** By how much names outside of the dots stand over the frame. `inside`: pixels between its side and the dot. */
function overhang(dots: readonly Dot[], inside: (dot: Dot) => number): number {
  return Math.max(LEAST_MARGIN, ...dots.map((dot) => BESIDE + textWidth(written(dot)) - inside(dot)));
}

function shareOf(score: number, [low, high]: readonly [number, number]): number {
  return high > low ? Math.min(1, Math.max(0, (score - low) / (high - low))) : 0;
}

/** Names stand outside of the dots, so that they cover none. */
function endLabel(dots: readonly Dot[], end: 'low' | 'high'): Plot.Markish {
  const [textAnchor, dx] = end === 'low' ? (['end', -BESIDE] as const) : (['start', BESIDE] as const);
  const title = (dot: Dot): string => (written(dot) === dot.keyword ? '' : dot.keyword);
  return Plot.text(dots, { x: 'score', fy: 'side', text: written, title, frameAnchor: 'middle', textAnchor, dx });
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
      const name = sides.length > 1 ? `${side}: ` : '';
      const [low, high] = extremes(dots.filter((dot) => dot.side === side));
      if (!low || !high) return `${name}no keyword`;
      return `${name}from ${low.keyword} at ${fixed(low.score)} to ${high.keyword} at ${fixed(high.score)}`;
    })
    .join('; ');
}

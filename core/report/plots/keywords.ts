/** Sentiment by keyword, sorted: one row a keyword, before above after, with intervals. Knows only means. */
import * as Plot from '@observablehq/plot';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import type { KeywordResult } from '../results.js';
import { COLOURS, draw, FRAME, X_LABEL_OFFSET } from './draw.js';
import { rowNames } from './names.js';

interface KeywordsInput {
  readonly title: string;
  /** In the order of the rows. */
  readonly before: readonly KeywordResult[];
  readonly after: ReadonlyMap<string, KeywordResult>;
  readonly domain: readonly [number, number];
}

/** Half the distance between the two marks of one row, pixels. */
const OFFSET = 3.5;

export function keywordsPlot({ title, before, after, domain }: KeywordsInput): Markup {
  const afterRows = before.flatMap(({ keyword }) => after.get(keyword) ?? []);
  const names = before.map(({ keyword }) => keyword);
  const rows = rowNames({ names });
  return draw(
    {
      ...FRAME,
      marginTop: 8,
      height: 54 + before.length * 20,
      marginLeft: rows.margin,
      marginRight: 16,
      x: { domain: [...domain], labelOffset: X_LABEL_OFFSET, label: 'mean sentiment →', grid: true },
      y: { domain: names, axis: null },
      marks: [
        rows.axis,
        ...side(before, 'before', afterRows.length > 0),
        ...side(afterRows, 'after', true),
        Plot.tickX(
          before.filter(({ planted }) => planted !== undefined),
          { x: (row: KeywordResult) => 1 - row.planted!, y: 'keyword', stroke: COLOURS.muted, strokeWidth: 1.5 },
        ),
      ],
    },
    { title, description: describe(before, afterRows.length > 0) },
  );
}

function side(rows: readonly KeywordResult[], name: 'before' | 'after', isNamed: boolean): Plot.Markish[] {
  const dy = name === 'before' ? -OFFSET : OFFSET;
  const colour = COLOURS[name];
  return [
    Plot.ruleY(
      rows.filter(({ interval }) => interval),
      {
        x1: (row: KeywordResult) => row.interval![0],
        x2: (row: KeywordResult) => row.interval![1],
        y: 'keyword',
        stroke: colour,
        strokeOpacity: 0.55,
        strokeWidth: 1.5,
        dy,
      },
    ),
    Plot.dot(rows, {
      x: 'score',
      y: 'keyword',
      fill: colour,
      symbol: name === 'before' ? 'circle' : 'diamond',
      r: 3.5,
      dy,
      title: (row: KeywordResult) => `${row.keyword}${isNamed ? `, ${name}` : ''}: ${fixed(row.score)}`,
    }),
  ];
}

function describe(rows: readonly KeywordResult[], hasAfter: boolean): string {
  const [low, high] = [rows[0], rows.at(-1)];
  if (!low || !high) return 'No keyword.';
  return (
    `${rows.length} keywords sorted by the score${hasAfter ? ' before' : ''}, from ${low.keyword} at ${fixed(low.score)} ` +
    `to ${high.keyword} at ${fixed(high.score)}. The same figures stand in the table below.`
  );
}

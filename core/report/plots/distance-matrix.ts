/** How far every two keywords of a group are apart, as a square of shaded cells. Knows only means. */
import * as Plot from '@observablehq/plot';
import { distanceMatrix, meanPairwiseDistance } from '../../bias/index.js';
import { displayWidth } from '../display-width.js';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import type { KeywordResult } from '../results.js';
import type { ShadeScale } from '../shades.js';
import { draw } from './draw.js';

interface MatrixInput {
  readonly title: string;
  /** In the order of rows and columns. */
  readonly keywords: readonly KeywordResult[];
  readonly scale: ShadeScale;
}

/** Up to this many keywords every cell bears its figure and every row its name. */
const WRITTEN = 12;
const SIZE = 480;

interface Cell {
  readonly row: string;
  readonly column: string;
  readonly distance: number;
}

export function distanceMatrixPlot(input: MatrixInput): Markup {
  const scores = input.keywords.map(({ score }) => score);
  const description = `${scores.length} keywords; mean distance ${fixed(meanPairwiseDistance(scores), 3)}, largest ${fixed(
    Math.max(...scores) - Math.min(...scores),
    3,
  )}.`;
  const options = scores.length <= WRITTEN ? written(input) : dense(input);
  return draw(options, { title: input.title, description });
}

function written({ keywords, scale }: MatrixInput): Plot.PlotOptions {
  const names = keywords.map(({ keyword }) => keyword);
  const matrix = distanceMatrix(keywords.map(({ score }) => score));
  const cells = names.flatMap((row, i) => names.map((column, j): Cell => ({ row, column, distance: matrix[i]![j]! })));
  const shade = ({ distance }: Cell) => scale.shades[scale.indexOf(distance)]!;
  const room = 14 + 6.4 * Math.max(...names.map(displayWidth));
  return {
    width: SIZE,
    height: 40 + 44 * names.length,
    marginLeft: room,
    marginTop: 6,
    marginBottom: 30,
    style: { fontSize: '12px' },
    x: { domain: names, label: null, tickSize: 0 },
    y: { domain: names, label: null, tickSize: 0 },
    marks: [
      Plot.cell(cells, { x: 'column', y: 'row', inset: 1, rx: 3, fill: (cell: Cell) => shade(cell).fill }),
      Plot.text(cells, {
        x: 'column',
        y: 'row',
        text: ({ row, column, distance }: Cell) => (row === column ? '' : fixed(distance)),
        fill: (cell: Cell) => shade(cell).ink,
      }),
    ],
  };
}

/** Thousands of cells: neighbours of one shade are drawn as one, and each shade as one path. */
function dense({ keywords, scale }: MatrixInput): Plot.PlotOptions {
  const n = keywords.length;
  const matrix = distanceMatrix(keywords.map(({ score }) => score));
  const bands = matrix.map((row) => row.map(scale.indexOf));
  const ends = [keywords[0]!, keywords.at(-1)!].map(({ keyword }) => keyword);
  const place = (keyword: string): number => (keyword === ends[0] ? 0.5 : n - 0.5);
  return {
    width: SIZE,
    height: SIZE - 20,
    marginLeft: 16 + 6.4 * Math.max(...ends.map(displayWidth)),
    marginTop: 8,
    marginRight: 30,
    marginBottom: 30,
    style: { fontSize: '12px' },
    x: { domain: [0, n], axis: null },
    y: { domain: [n, 0], axis: null },
    marks: [
      ...scale.shades.map(
        ({ fill }, band): Plot.Markish =>
          (_index, { x, y }, _channels, _dimensions, { document }) => {
            const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
            path.setAttribute('fill', fill);
            path.setAttribute('d', bands.map((row, i) => runs(row, band, i, position(x), position(y))).join(''));
            return path;
          },
      ),
      Plot.axisX(ends, { x: place, text: (keyword: string) => keyword, anchor: 'bottom', tickSize: 4 }),
      Plot.axisY(ends, { y: place, text: (keyword: string) => keyword, anchor: 'left', tickSize: 4 }),
    ],
  };
}

type Position = (value: number) => number;

/** A scale of the plot library gives whatever it is typed to give; a position is a number. */
function position(scale: ((value: number) => unknown) | undefined): Position {
  return (value) => Number(scale?.(value));
}

const short = (pixels: number): string => String(Math.round(pixels * 10) / 10);

/** The parts of one row that have the shade, as rectangles of a path. */
function runs(row: readonly number[], band: number, i: number, x: Position, y: Position): string {
  const [top, bottom] = [short(y(i)), short(y(i + 1))];
  let path = '';
  for (let start = 0; start < row.length; start++) {
    if (row[start] !== band) continue;
    let end = start;
    while (row[end] === band) end++;
    path += `M${short(x(start))} ${top}H${short(x(end))}V${bottom}H${short(x(start))}z`;
    start = end;
  }
  return path;
}

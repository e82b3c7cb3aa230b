/** How far every two keywords of a group are apart, as a square of shaded cells. Knows only means. */
import * as Plot from '@observablehq/plot';
import { distanceMatrix, meanPairwiseDistance } from '../../bias/index.js';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import type { KeywordResult } from '../results.js';
import type { ShadeScale } from '../shades.js';
import { draw } from './draw.js';
import { columnNames, endNames, rowNames } from './names.js';
import { FONT_SIZE, textWidth } from './text-width.js';

interface MatrixInput {
  readonly title: string;
  /** In the order of rows and columns. */
  readonly keywords: readonly KeywordResult[];
  readonly scale: ShadeScale;
}

/** Up to this many keywords every cell bears its figure. */
const WRITTEN = 12;
/** Up to this many every row and every column bears its name. */
const NAMED = 25;
const SIZE = 480;
/** As high as a line of text. */
const LEAST_ROW = 16;
const MARGIN = { top: 8, right: 8 };
/** Distances that are all below this are written with one more digit, where it fits. */
const SMALL = 0.1;
const LEAST_FONT = 9.5;
/** Between the figures of two cells, pixels. */
const CELL_GAP = 3;

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
  const rows = rowNames({ names });
  const columnWidth = (SIZE - rows.margin - MARGIN.right) / names.length;
  const columns = columnNames({ names, columnWidth });
  const figure = figureLook(matrix.flat(), columnWidth);
  return {
    width: SIZE,
    height: MARGIN.top + 44 * names.length + columns.margin,
    marginLeft: rows.margin,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: columns.margin,
    style: { fontSize: '12px' },
    x: { domain: names, axis: null },
    y: { domain: names, axis: null },
    marks: [
      Plot.cell(cells, { x: 'column', y: 'row', inset: 1, rx: 3, fill: (cell: Cell) => shade(cell).fill }),
      Plot.text(cells, {
        x: 'column',
        y: 'row',
        text: ({ row, column, distance }: Cell) => (row === column ? '' : fixed(distance, figure.digits)),
        fontSize: figure.fontSize,
        fill: (cell: Cell) => shade(cell).ink,
      }),
      rows.axis,
      columns.axis,
    ],
  };
}

/** Digits and size that fit into a cell: the same for all cells, so that they can be read against one another. */
function figureLook(distances: readonly number[], columnWidth: number): { digits: number; fontSize: number } {
  const fitting = (digits: number): number => (columnWidth - CELL_GAP) / textWidth(fixed(0, digits), 1);
  const digits = Math.max(...distances) < SMALL && fitting(3) >= LEAST_FONT ? 3 : 2;
  return { digits, fontSize: Math.min(FONT_SIZE, fitting(digits)) };
}

/** Thousands of cells: neighbours of one shade are drawn as one, and each shade as one path. */
function dense({ keywords, scale }: MatrixInput): Plot.PlotOptions {
  const n = keywords.length;
  const matrix = distanceMatrix(keywords.map(({ score }) => score));
  const bands = matrix.map((row) => row.map(scale.indexOf));
  const all = keywords.map(({ keyword }) => keyword);
  const names = n <= NAMED ? all : [all[0]!, all.at(-1)!];
  const places = new Map(all.map((name, i) => [name, i + 0.5]));
  const place = (name: string): number => places.get(name)!;
  const rows = rowNames({ names, place });
  const width = SIZE - rows.margin - MARGIN.right;
  const columns =
    n <= NAMED ? columnNames({ names, place, columnWidth: width / n }) : endNames({ names, place, width });
  return {
    width: SIZE,
    height: MARGIN.top + Math.max(width, n <= NAMED ? LEAST_ROW * n : 0) + columns.margin,
    marginLeft: rows.margin,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: columns.margin,
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
      rows.axis,
      columns.axis,
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

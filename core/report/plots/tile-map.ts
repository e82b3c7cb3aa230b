/** Keywords as tiles where they lie, shaded by sentiment, with the figure written on each. Knows no geography. */
import * as Plot from '@observablehq/plot';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import type { ShadeScale } from '../shades.js';
import { COLOURS, draw } from './draw.js';
import { shortened } from './text-width.js';

export interface Tile {
  readonly keyword: string;
  readonly column: number;
  readonly row: number;
  readonly score: number;
}

interface TileMapInput {
  readonly title: string;
  readonly tiles: readonly Tile[];
  readonly columns: number;
  readonly rows: number;
  readonly scale: ShadeScale;
}

/** A map of fewer columns is not blown up beyond this many. */
const LEAST_COLUMNS = 8;
const TILE_WIDTH = 50;
const TILE_HEIGHT = 38;
/** Room around a tile, pixels. */
const INSET = 1;
const FONT_SIZE = 11;

export function tileMapPlot({ title, tiles, columns, rows, scale }: TileMapInput): Markup {
  const shade = ({ score }: Tile) => scale.shades[scale.indexOf(score)]!;
  const margin = (Math.max(0, LEAST_COLUMNS - columns) / 2) * TILE_WIDTH;
  const middle = { x: ({ column }: Tile) => column + 0.5, y: ({ row }: Tile) => row + 0.5 };
  const name = ({ keyword }: Tile): string => shortened(keyword, TILE_WIDTH - 2 * INSET, FONT_SIZE);
  const whole = (tile: Tile): string => (name(tile) === tile.keyword ? '' : tile.keyword);
  const ink = (tile: Tile): string => shade(tile).ink;
  return draw(
    {
      width: columns * TILE_WIDTH + 2 * margin,
      height: rows * TILE_HEIGHT,
      margin: 0,
      marginLeft: margin,
      marginRight: margin,
      style: { fontSize: `${FONT_SIZE}px` },
      x: { domain: [0, columns], axis: null },
      y: { domain: [rows, 0], axis: null },
      marks: [
        Plot.rect(tiles, {
          x1: 'column',
          x2: ({ column }: Tile) => column + 1,
          y1: 'row',
          y2: ({ row }: Tile) => row + 1,
          inset: INSET,
          rx: 3,
          fill: (tile: Tile) => shade(tile).fill,
          stroke: COLOURS.rule,
          strokeWidth: 0.5,
        }),
        Plot.text(tiles, { ...middle, text: name, title: whole, dy: -7, fill: ink }),
        Plot.text(tiles, { ...middle, text: ({ score }: Tile) => fixed(score), dy: 8, fill: ink }),
      ],
    },
    { title, description: describe(tiles) },
  );
}

function describe(tiles: readonly Tile[]): string {
  const sorted = [...tiles].sort((a, b) => a.score - b.score);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  return `${tiles.length} tiles, from ${low.keyword} at ${fixed(low.score)} to ${high.keyword} at ${fixed(high.score)}.`;
}

/** Names along the axes of a plot: whole where they fit, else turned or shortened with the whole name as title. Knows no figures. */
import * as Plot from '@observablehq/plot';
import { FONT_SIZE, shortened, widest } from './text-width.js';

/** Longer names would leave too little of the plot, pixels. */
const LONGEST = 160;
/** Between a name and what it names, on both of its sides together. */
const PADDING = 14;
/** Narrower columns than this have upright names: a line turned by 45° takes 1.4 times its height. */
const TURNED_COLUMN = 1.6 * FONT_SIZE;
/** Of a column, the part that an upright name's height takes. */
const LINE_SHARE = 0.85;
/** Between names side by side. */
const GAP = 8;

export interface NameAxis {
  /** Margin that the names need, pixels. */
  readonly margin: number;
  readonly axis: Plot.Markish;
}

export interface NamesInput {
  readonly names: readonly string[];
  /** Where on the scale a name stands; without it the scale is one of names. */
  readonly place?: (name: string) => number;
}

/** What is written, and the whole name for those who point at it. */
function written(room: number): { readonly text: (name: string) => string; readonly title: (name: string) => string } {
  const text = (name: string): string => shortened(name, room);
  return { text, title: (name) => (text(name) === name ? '' : name) };
}

/** To the left of rows. */
export function rowNames({ names, place }: NamesInput): NameAxis {
  const look = written(LONGEST);
  return {
    margin: PADDING + widest(names.map(look.text)),
    axis: Plot.axisY(names, { ...(place ? { y: place } : {}), ...look, label: null, tickSize: 0 }),
  };
}

/** Below columns, `columnWidth` pixels each. */
export function columnNames({ names, place, columnWidth }: NamesInput & { readonly columnWidth: number }): NameAxis {
  const fits = widest(names) + GAP <= columnWidth;
  const look = written(LONGEST);
  const angle = fits ? 0 : columnWidth >= TURNED_COLUMN ? 45 : 90;
  // Upright lines of names stand as near to one another as their columns.
  const fontSize = angle === 90 ? Math.min(FONT_SIZE, LINE_SHARE * columnWidth) : FONT_SIZE;
  const sine = Math.sin((angle * Math.PI) / 180);
  return {
    margin: PADDING + (fits ? FONT_SIZE : 6 + sine * widest(names.map(look.text))),
    axis: Plot.axisX(names, {
      ...(place ? { x: place } : {}),
      ...look,
      anchor: 'bottom',
      label: null,
      tickSize: 0,
      tickRotate: -angle,
      fontSize,
    }),
  };
}

/** Below the first and the last of columns too many to name each; they share `width` pixels. */
export function endNames({ names, place, width }: Required<NamesInput> & { readonly width: number }): NameAxis {
  const look = written((width - GAP) / 2);
  return {
    margin: PADDING + FONT_SIZE,
    axis: names.slice(0, 2).map((name, i) =>
      Plot.axisX([name], {
        x: place,
        ...look,
        anchor: 'bottom',
        label: null,
        tickSize: 4,
        textAnchor: i === 0 ? 'start' : 'end',
      }),
    ),
  };
}

/** Curves over time, each with its own colour and dash. Knows nothing of what is plotted. */
import * as Plot from '@observablehq/plot';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import { draw, FRAME, X_LABEL_OFFSET } from './draw.js';

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly dash: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Dots as well: for points that are few. */
  readonly dots?: boolean;
}

interface LinesInput {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

/** Points a curve is drawn with at most; longer ones are averaged in equal parts. */
export const MAX_POINTS = 300;

export function linesPlot({ title, xLabel, yLabel, series }: LinesInput): Markup {
  const drawn = series.map((one) => ({ ...one, points: thinned(one.points) }));
  return draw(
    {
      ...FRAME,
      height: 290,
      marginLeft: 52,
      marginRight: 16,
      x: { labelOffset: X_LABEL_OFFSET, label: `${xLabel} →`, nice: false },
      y: { label: `↑ ${yLabel}`, grid: true, nice: true },
      marks: drawn.flatMap(({ points, colour, dash, dots, name }) => [
        Plot.line(points, { x: 'x', y: 'y', stroke: colour, strokeWidth: 2, strokeDasharray: dash, title: () => name }),
        ...(dots || points.length === 1 ? [Plot.dot(points, { x: 'x', y: 'y', fill: colour, r: 3 })] : []),
      ]),
    },
    { title, description: drawn.map(describe).join('; ') },
  );
}

function thinned(points: Series['points']): Series['points'] {
  if (points.length <= MAX_POINTS) return points;
  const size = points.length / MAX_POINTS;
  return Array.from({ length: MAX_POINTS }, (_, i) => {
    const part = points.slice(Math.floor(i * size), Math.floor((i + 1) * size));
    const mean = (pick: (point: { x: number; y: number }) => number): number =>
      part.reduce((sum, point) => sum + pick(point), 0) / part.length;
    return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
  });
}

function describe({ name, points }: Series): string {
  const [first, last] = [points[0], points.at(-1)];
  return first && last ? `${name}: from ${fixed(first.y)} to ${fixed(last.y)}` : `${name}: no point`;
}

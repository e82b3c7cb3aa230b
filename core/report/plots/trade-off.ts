/** Points of a sweep by what they gain and what they cost. Knows only two figures of each. */
import * as Plot from '@observablehq/plot';
import { fixed, signedPercent } from '../format.js';
import type { Markup } from '../html.js';
import { COLOURS, draw, FRAME, X_LABEL_OFFSET } from './draw.js';
import { placeLabels, type PlacedLabel } from './place-labels.js';

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
  // The first choose the places of their names first.
  const named = [start, ...points.toSorted((a, b) => Number(b.best) - Number(a.best) || a.cost - b.cost)];
  const labelsOf = placedOnce(named);
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
        leaders(named, labelsOf),
        ...names(named, labelsOf),
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

const ANCHORS = ['start', 'middle', 'end'] as const;

/** Lines to the names that do not stand beside their dots. */
function leaders(dots: readonly TradeOffDot[], labelsOf: LabelsOf): Plot.Markish {
  const ends = { x1: 'cost', y1: 'distance', x2: 'cost', y2: 'distance' };
  return Plot.link(
    dots,
    Plot.initializer({ ...ends, stroke: COLOURS.muted }, (_data, _facets, _channels, scales, frame) => {
      const labels = labelsOf(scales, frame);
      return {
        facets: [indices(labels, (label) => label.leader !== undefined)],
        channels: {
          x2: { value: labels.map((label) => label?.leader?.x) },
          y2: { value: labels.map((label) => label?.leader?.y) },
        },
      };
    }),
  );
}

function names(dots: readonly TradeOffDot[], labelsOf: LabelsOf): Plot.Markish[] {
  const look = { text: 'name', fill: 'currentColor', stroke: 'var(--surface)', strokeWidth: 3 };
  return ANCHORS.map((textAnchor) =>
    Plot.text(
      dots,
      Plot.initializer(
        { x: 'cost', y: 'distance', ...look, textAnchor },
        (_data, _facets, _channels, scales, frame) => {
          const labels = labelsOf(scales, frame);
          return {
            facets: [indices(labels, ({ anchor }) => anchor === textAnchor)],
            channels: { x: { value: labels.map((label) => label?.x) }, y: { value: labels.map((label) => label?.y) } },
          };
        },
      ),
    ),
  );
}

/** How far names may stand above the axes: not as far as the label of the y axis. */
const ABOVE = 6;

type LabelsOf = (scales: Plot.ScaleFunctions, frame: Plot.Dimensions) => readonly (PlacedLabel | undefined)[];

/** Places in the pixels of the plot, found when the first of its marks asks; names may stand in its right margin. */
function placedOnce(dots: readonly TradeOffDot[]): LabelsOf {
  let placed: readonly (PlacedLabel | undefined)[] | undefined;
  return ({ x, y }, { width, height, marginLeft, marginTop, marginBottom }) =>
    (placed ??= placeLabels(
      // The scale of x counts in percent.
      dots.map(({ name, cost, distance }) => ({ name, x: Number(x?.(100 * cost)), y: Number(y?.(distance)) })),
      { left: marginLeft, right: width, top: marginTop - ABOVE, bottom: height - marginBottom },
    ));
}

function indices(labels: readonly (PlacedLabel | undefined)[], wanted: (label: PlacedLabel) => boolean): number[] {
  return labels.flatMap((label, i) => (label && wanted(label) ? [i] : []));
}

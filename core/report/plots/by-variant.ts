/** One figure for each variant of the sweep, the baseline beside it. Knows nothing of what the figure is. */
import * as Plot from '@observablehq/plot';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import { COLOURS, draw, FRAME, X_LABEL_OFFSET } from './draw.js';
import { textWidth, widest } from './text-width.js';

export interface VariantValue {
  /** Number of PPO epochs and what else the sweep varies; none for the baseline. */
  readonly variant?: string;
  readonly value: number;
  readonly interval?: readonly [number, number];
  /** What noise alone gives. */
  readonly floor?: number;
  readonly best?: boolean;
}

const BASELINE = 'baseline';
/** Longer names are turned, so that they do not run into one another, pixels. */
const SHORT_NAME = textWidth(BASELINE);
/** By so many degrees. */
const TURN = 35;

export interface ByVariantInput {
  readonly title: string;
  readonly label: string;
  /** Variants of the sweep in order, those without a result included. */
  readonly variants: readonly string[];
  readonly values: readonly VariantValue[];
  readonly fromZero?: boolean;
}

export function byVariantPlot({ title, label, variants, values, fromZero = true }: ByVariantInput): Markup {
  const name = ({ variant }: VariantValue): string => variant ?? BASELINE;
  const colour = ({ variant }: VariantValue): string => (variant === undefined ? COLOURS.before : COLOURS.after);
  const longest = widest(variants);
  const turned = longest > SHORT_NAME;
  const depth = longest * Math.sin((TURN * Math.PI) / 180);
  const reach = longest * Math.cos((TURN * Math.PI) / 180);
  return draw(
    {
      ...FRAME,
      height: 270 + (turned ? depth : 0),
      ...(turned ? { marginBottom: 46 + depth } : {}),
      // The first turned name ends below its variant, which stands right of the baseline by a band.
      marginLeft: turned ? Math.max(52, reach - FRAME.width / (variants.length + 1) / 2) : 52,
      x: {
        type: 'band',
        padding: 0.3,
        domain: [BASELINE, ...variants],
        labelOffset: X_LABEL_OFFSET,
        ...(turned ? { tickRotate: -TURN } : {}),
        label: turned ? null : 'PPO epochs a batch →',
      },
      y: { label: `↑ ${label}`, grid: true, zero: fromZero, nice: true },
      marks: [
        Plot.ruleX(
          values.filter(({ interval }) => interval),
          {
            x: name,
            y1: (value: VariantValue) => value.interval![0],
            y2: (value: VariantValue) => value.interval![1],
            stroke: colour,
            strokeWidth: 2,
          },
        ),
        Plot.tickY(
          values.filter(({ floor }) => floor !== undefined),
          { x: name, y: 'floor', stroke: COLOURS.muted, strokeWidth: 2 },
        ),
        Plot.dot(values, {
          x: name,
          y: 'value',
          fill: (value: VariantValue) => (value.variant === undefined || value.best ? colour(value) : 'var(--surface)'),
          stroke: colour,
          strokeWidth: 2,
          symbol: (value: VariantValue) => (value.variant === undefined ? 'circle' : 'diamond'),
          r: 5,
          title: (value: VariantValue) => `${name(value)}: ${fixed(value.value, 3)}`,
        }),
      ],
      symbol: { type: 'identity' },
    },
    { title, description: values.map((value) => `${name(value)}: ${fixed(value.value, 3)}`).join('; ') },
  );
}

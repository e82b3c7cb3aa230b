/** One figure against the number of PPO epochs, the baseline beside it. Knows nothing of what the figure is. */
import * as Plot from '@observablehq/plot';
import { fixed } from '../format.js';
import type { Markup } from '../html.js';
import { COLOURS, draw, FRAME, X_LABEL_OFFSET } from './draw.js';

export interface EpochValue {
  /** 0 is the baseline. */
  readonly epochs: number;
  readonly seed?: number;
  readonly value: number;
  readonly interval?: readonly [number, number];
  /** What noise alone gives. */
  readonly floor?: number;
  readonly best?: boolean;
}

const BASELINE = 'baseline';

export interface ByEpochsInput {
  readonly title: string;
  readonly label: string;
  /** Epoch counts of the sweep in order, those without a result included. */
  readonly epochs: readonly number[];
  readonly values: readonly EpochValue[];
  readonly fromZero?: boolean;
}

export function byEpochsPlot({ title, label, epochs, values, fromZero = true }: ByEpochsInput): Markup {
  const name = ({ epochs }: EpochValue): string => (epochs === 0 ? BASELINE : String(epochs));
  const colour = (value: EpochValue): string => (value.epochs === 0 ? COLOURS.before : COLOURS.after);
  return draw(
    {
      ...FRAME,
      height: 270,
      marginLeft: 52,
      x: {
        type: 'band',
        padding: 0.3,
        domain: [BASELINE, ...epochs.map(String)],
        labelOffset: X_LABEL_OFFSET,
        label: 'PPO epochs a batch →',
      },
      y: { label: `↑ ${label}`, grid: true, zero: fromZero, nice: true },
      marks: [
        Plot.ruleX(
          values.filter(({ interval }) => interval),
          {
            x: name,
            y1: (value: EpochValue) => value.interval![0],
            y2: (value: EpochValue) => value.interval![1],
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
          fill: (value: EpochValue) => (value.epochs === 0 || value.best ? colour(value) : 'var(--surface)'),
          stroke: colour,
          strokeWidth: 2,
          symbol: (value: EpochValue) => (value.epochs === 0 ? 'circle' : 'diamond'),
          r: 5,
          title: (value: EpochValue) => `${name(value)}: ${fixed(value.value, 3)}`,
        }),
      ],
      symbol: { type: 'identity' },
    },
    { title, description: values.map((value) => `${name(value)}: ${fixed(value.value, 3)}`).join('; ') },
  );
}

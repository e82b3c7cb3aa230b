/** How often a classifier is right where it says so: observed share by predicted probability. Knows no sentence. */
import * as Plot from '@observablehq/plot';
import { wilsonInterval } from '../../bias/index.js';
import { count, fixed } from '../format.js';
import type { Markup } from '../html.js';
import type { ClassifierResult } from '../results.js';
import { COLOURS, draw, FRAME, X_LABEL_OFFSET } from './draw.js';

export type ReliabilityBin = NonNullable<ClassifierResult['reliability']>[number];

/** Radius of the fullest bin, pixels. */
const LARGEST = 11;

/** One dot a bin, its area by the number of sentences, with a 95 % interval; the diagonal is perfect calibration. */
export function reliabilityPlot(title: string, bins: readonly ReliabilityBin[]): Markup {
  const most = Math.max(...bins.map(({ n }) => n));
  const interval = ({ n, observed }: ReliabilityBin) => wilsonInterval(Math.round(n * observed), n);
  return draw(
    {
      ...FRAME,
      height: 300,
      marginLeft: 52,
      marginRight: 20,
      x: { domain: [0, 1], labelOffset: X_LABEL_OFFSET, label: 'predicted probability →' },
      y: { domain: [0, 1], label: '↑ observed share', grid: true },
      r: { type: 'identity' },
      marks: [
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: COLOURS.muted, strokeDasharray: '5 4' },
        ),
        Plot.ruleX(bins, {
          x: 'predicted',
          y1: (bin: ReliabilityBin) => interval(bin)[0],
          y2: (bin: ReliabilityBin) => interval(bin)[1],
          stroke: COLOURS.after,
          strokeOpacity: 0.6,
          strokeWidth: 1.5,
        }),
        Plot.dot(bins, {
          x: 'predicted',
          y: 'observed',
          r: ({ n }: ReliabilityBin) => Math.max(2, LARGEST * Math.sqrt(n / most)),
          fill: COLOURS.after,
          title: ({ n, observed }: ReliabilityBin) => `${fixed(observed)} of ${count(n)} sentences`,
        }),
      ],
    },
    {
      title,
      description: bins
        .map(({ n, predicted, observed }) => `predicted ${fixed(predicted)}, observed ${fixed(observed)}, ${count(n)}`)
        .join('; '),
    },
  );
}

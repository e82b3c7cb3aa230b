/** Held-out accuracy by the number of sentences learned from. Knows nothing of the classifier. */
import * as Plot from '@observablehq/plot';
import { count, percent } from '../format.js';
import type { Markup } from '../html.js';
import type { ClassifierResult } from '../results.js';
import { COLOURS, draw, FRAME, X_LABEL_OFFSET } from './draw.js';

export type LearningStep = NonNullable<ClassifierResult['learningCurve']>[number];

export function learningCurvePlot(title: string, steps: readonly LearningStep[]): Markup {
  return draw(
    {
      ...FRAME,
      height: 290,
      marginLeft: 52,
      marginRight: 24,
      x: {
        type: 'log',
        ticks: steps.map(({ trained }) => trained),
        tickFormat: count,
        labelOffset: X_LABEL_OFFSET,
        label: 'sentences learned from (log scale) →',
      },
      y: { label: '↑ accuracy, held out', grid: true, nice: true, percent: true },
      marks: [
        Plot.ruleX(steps, {
          x: 'trained',
          y1: ({ interval }: LearningStep) => interval[0],
          y2: ({ interval }: LearningStep) => interval[1],
          stroke: COLOURS.after,
          strokeOpacity: 0.6,
          strokeWidth: 1.5,
        }),
        Plot.line(steps, { x: 'trained', y: 'accuracy', stroke: COLOURS.after, strokeWidth: 2 }),
        Plot.dot(steps, { x: 'trained', y: 'accuracy', fill: COLOURS.after, r: 4 }),
      ],
    },
    {
      title,
      description: steps.map(({ trained, accuracy }) => `${count(trained)}: ${percent(accuracy, 1)}`).join('; '),
    },
  );
}

/** The two classifiers' own quality: accuracy, F1, confusion, calibration. Knows nothing of what they were used on. */
import { details, figure, grid, section, table, type Column } from '../components.js';
import { count, fixed, percent, percentRange, range } from '../format.js';
import { html, type Markup } from '../html.js';
import { learningCurvePlot } from '../plots/learning-curve.js';
import { reliabilityPlot } from '../plots/reliability.js';
import type { ClassifierResult } from '../results.js';
import type { View } from '../view.js';

const numeric = (name: string): Column => ({ name, numeric: true });

interface Named {
  readonly name: string;
  readonly use: string;
  readonly of: ClassifierResult;
}

export function classifiersSection(view: View): Markup | undefined {
  const { input } = view;
  const { reward, measure } = input.results;
  const published = input.study?.rewardAccuracy;
  const rows: Named[] = [
    ...(reward ? [{ name: 'reward model', use: 'training with PPO', of: reward }] : []),
    ...(measure ? [{ name: 'measuring classifier', use: 'every sentiment in this report', of: measure }] : []),
  ];
  if (rows.length === 0) return undefined;
  return section(
    'classifiers',
    rows.length === 1 ? 'The classifier' : 'The two classifiers',
    rows.length > 1 &&
      html`<p>
        The classifier that measures is never the one that rewards: otherwise a model could please its judge without
        changing.${published === undefined ? '' : ` The study’s reward model reached about ${percent(published)}.`}
      </p>`,
    html`<p>
      Judged on labelled sentences that were held out, none of which has a near duplicate among those learned from. The
      held-out sentences also chose the epoch that was kept, which makes these figures a little too kind.
    </p>`,
    qualityTable(rows),
    grid(...rows.flatMap(reliabilityFigure), ...rows.flatMap(learningFigure)),
    rows.map(confusionTable),
    controlPart(view),
  );
}

function qualityTable(rows: readonly Named[]): Markup {
  return table(
    'Quality on held-out labelled sentences',
    [
      { name: 'classifier' },
      { name: 'used for' },
      ...['accuracy', '95\u00a0% interval', 'F1', 'calibration error', 'ρ with length', 'sentences'].map(numeric),
    ],
    rows.map(({ name, use, of }) => ({
      cells: [
        name,
        use,
        percent(of.accuracy, 1),
        of.interval ? percentRange(of.interval, 1) : '–',
        fixed(of.f1, 3),
        fixed(of.calibrationError, 3),
        fixed(of.lengthCorrelation),
        of.n === undefined ? '–' : count(of.n),
      ],
    })),
  );
}

function reliabilityFigure({ name, of }: Named): Markup[] {
  if (!of.reliability || of.reliability.length < 2) return [];
  const plot = reliabilityPlot(`Calibration of the ${name}`, of.reliability);
  const rows = of.reliability.map(({ low, high, n, predicted, observed }) => ({
    cells: [range([low, high], 1), count(n), fixed(predicted), fixed(observed)],
  }));
  const caption = `Calibration of the ${name}, by bin of probability`;
  return [
    figure(
      plot,
      html`<strong>Calibration of the ${name}</strong>. Dashed: perfect; a dot’s area is its number of sentences, lines
        are 95 % intervals. Expected calibration error ${fixed(of.calibrationError, 3)}.
        ${details(
          'Figures',
          table(caption, [{ name: 'probability' }, ...['sentences', 'predicted', 'observed'].map(numeric)], rows),
        )}`,
    ),
  ];
}

/** Whether more labels would help: a curve that still rises at its end says yes. */
function learningFigure({ name, of }: Named): Markup[] {
  const steps = of.learningCurve ?? [];
  if (steps.length < 2) return [];
  const [last, before] = [steps.at(-1)!, steps.at(-2)!];
  const title = `Learning curve of the ${name}`;
  return [
    figure(
      learningCurvePlot(title, steps),
      html`<strong>${title}</strong>: accuracy on the same held-out sentences, lines are 95 % intervals. From
        ${count(before.trained)} to ${count(last.trained)} sentences it goes from ${percent(before.accuracy, 1)} to
        ${percent(last.accuracy, 1)}.`,
    ),
  ];
}

function confusionTable({ name, of }: Named): Markup | undefined {
  const { confusion, f1ByClass, classes = ['class 0', 'class 1'] } = of;
  if (!confusion) return undefined;
  return table(
    `What the ${name} took for what`,
    [{ name: 'labelled' }, ...classes.map((label) => numeric(`taken for ${label}`)), numeric('F1')],
    confusion.map((row, actual) => ({
      cells: [classes[actual] ?? '', ...row.map(count), fixed(f1ByClass?.[actual], 3)],
    })),
  );
}

/** How much of a distance may be the classifier's own. */
function controlPart({ baseline, groups, label }: View): Markup | undefined {
  const { control } = baseline;
  if (!control) return undefined;
  const rho =
    control.correlation === undefined
      ? ''
      : ` Its order of the keywords on prompts alone agrees with the measured one at a rank correlation of ${fixed(control.correlation)}.`;
  return html`<h3>What the measuring classifier thinks of the keywords themselves</h3>
    <p>
      The same classifier on the prompts alone, before the model has written a word. Where this distance is not small
      beside the measured one, a part of what was measured is the classifier’s and not the model’s.${rho}
    </p>
    ${table(
      'Mean pairwise distance, prompts alone and whole sentences',
      [{ name: 'group' }, numeric('prompts alone'), numeric('whole sentences'), numeric('noise alone')],
      groups.map((group) => ({
        cells: [
          label(group),
          fixed(control.distance[group]),
          fixed(baseline.distance[group]),
          fixed(baseline.distanceDetail?.[group]?.floor),
        ],
      })),
    )}`;
}

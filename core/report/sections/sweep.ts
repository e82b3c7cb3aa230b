/** What the number of PPO epochs does: distance, reward, quality and trade-off by point of the sweep. */
import { perplexityChange } from '../best.js';
import { details, figure, grid, section, table, type TableRow } from '../components.js';
import { fixed, percent, signedPercent } from '../format.js';
import { html, type Markup, type Renderable } from '../html.js';
import { byEpochsPlot, type EpochValue } from '../plots/by-epochs.js';
import { pointWords } from '../points.js';
import type { BiasResult, PpoResult } from '../results.js';
import { epochCounts, pointName, reductionOf, type View } from '../view.js';

export function sweepSection(view: View): Markup | undefined {
  const { results } = view.input;
  if (results.kind === 'measurement') return undefined;
  return section(
    'sweep',
    'What the number of PPO epochs does',
    html`<p>
      Every point starts from the same fine-tuned model and sees the same prompts and the same random numbers.
      ${results.best ? html`Recommended: <strong>${pointName(view, results.best)}</strong> (${results.best.rule}).` : ''}
    </p>`,
    missing(view),
    results.ppo.length > 0 && grid(...distancePlots(view), rewardPlot(view), perplexityPlot(view)),
    pointTable(view),
    wassersteinTable(view),
  );
}

function missing({ input }: View): Markup | undefined {
  const list = input.results.missing ?? [];
  if (list.length === 0) return undefined;
  return html`<div class="flag">
    <p><strong>Missing points.</strong> These were asked for and have no result:</p>
    <ul>
      ${list.map((point) => html`<li>${pointWords(point)}: ${point.reason}</li>`)}
    </ul>
  </div>`;
}

function values(view: View, figures: (result: BiasResult) => Omit<EpochValue, 'epochs'>): EpochValue[] {
  const { input, baseline, best } = view;
  return [
    { epochs: 0, ...figures(baseline) },
    ...input.results.ppo.map((point) => ({
      epochs: point.epochs,
      seed: point.seed,
      best: point === best,
      ...figures(point),
    })),
  ];
}

function distancePlots(view: View): Markup[] {
  return view.groups.map((group) => {
    const label = view.label(group);
    const plot = byEpochsPlot({
      title: `Mean pairwise distance among ${label} by PPO epochs`,
      label: 'mean distance',
      epochs: epochCounts(view),
      values: values(view, ({ distance, distanceDetail }) => ({
        value: distance[group] ?? NaN,
        ...(distanceDetail?.[group]
          ? { interval: distanceDetail[group].interval, floor: distanceDetail[group].floor }
          : {}),
      })),
    });
    return figure(
      plot,
      html`<strong>Distance among ${label}</strong>. Vertical lines: ${percent(0.95)} intervals; grey ticks: what noise
        alone gives; filled: recommended.`,
    );
  });
}

function rewardPlot(view: View): Markup {
  const plot = byEpochsPlot({
    title: 'Mean reward by PPO epochs',
    label: 'mean reward',
    epochs: epochCounts(view),
    values: values(view, ({ reward }) => ({ value: reward?.mean ?? NaN })),
  });
  return figure(plot, html`<strong>Mean reward</strong> of fresh sentences, by the reward model.`);
}

function perplexityPlot(view: View): Markup {
  const plot = byEpochsPlot({
    title: 'Perplexity on general text by PPO epochs',
    label: 'perplexity',
    epochs: epochCounts(view),
    values: values(view, ({ quality }) => ({ value: quality.generalPerplexity ?? NaN })),
    fromZero: false,
  });
  return figure(
    plot,
    html`<strong>Perplexity on held-out general text</strong>; lower is better, the axis does not start at 0.`,
  );
}

function pointTable(view: View): Markup {
  const { input, baseline, groups, label, best } = view;
  const rows: TableRow[] = [
    { cells: ['baseline', ...figuresOf(view, baseline)] },
    ...input.results.ppo.map((point: PpoResult) => ({
      cells: [pointName(view, point), ...figuresOf(view, point, point)],
      strong: point === best,
    })),
  ];
  return table(
    'All points: distance with its reduction, reward, quality of general writing',
    [
      { name: 'PPO epochs' },
      ...groups.map((group) => ({ name: `distance, ${label(group)}`, numeric: true })),
      ...[
        'mean reward',
        'perplexity',
        'against baseline',
        'distinct\u20112',
        'self\u2011BLEU\u00a04',
        'repetition',
      ].map((name) => ({
        name,
        numeric: true,
      })),
    ],
    rows,
  );
}

/** Distances of whole distributions; undefined where they were not measured. */
function wassersteinTable(view: View): Markup | undefined {
  const { input, baseline, groups, label, best } = view;
  if (!groups.some((group) => baseline.distanceDetail?.[group]?.wasserstein)) return undefined;
  const cells = (result: BiasResult): string[] =>
    groups.flatMap((group) => {
      const measured = result.distanceDetail?.[group]?.wasserstein;
      return [fixed(measured?.individual), fixed(measured?.group)];
    });
  const names = groups.flatMap((group) => [`${label(group)}, individual`, `${label(group)}, group`]);
  const caption = 'Fairness of whole score distributions (Wasserstein-1)';
  return details(
    caption,
    html`<p>
      Individual: between the scores of two keywords, mean over all pairs. Group: between a keyword’s scores and those
      of its whole group. Both are above zero by chance alone.
    </p>`,
    table(
      caption,
      [{ name: 'PPO epochs' }, ...names.map((name) => ({ name, numeric: true }))],
      [
        { cells: ['baseline', ...cells(baseline)] },
        ...input.results.ppo.map((point) => ({
          cells: [pointName(view, point), ...cells(point)],
          strong: point === best,
        })),
      ],
    ),
  );
}

function figuresOf({ groups, baseline }: View, result: BiasResult, point?: PpoResult): Renderable[] {
  const { quality } = result;
  return [
    ...groups.map((group) => {
      const reduction = point && reductionOf(baseline, point, group);
      const change = reduction === undefined ? '' : html` <small>${signedPercent(-reduction)}</small>`;
      return html`${fixed(result.distance[group])}${change}`;
    }),
    fixed(result.reward?.mean),
    fixed(quality.generalPerplexity, 1),
    point ? signedPercent(perplexityChange(point, baseline), 1) : '–',
    fixed(quality.distinct2, 3),
    fixed(quality.selfBleu4, 3),
    percent(quality.repetition, 1),
  ];
}

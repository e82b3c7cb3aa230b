/** What the number of PPO epochs does: distance, reward, quality and trade-off by point of the sweep. */
import { groupNames } from '../../bias/index.js';
import { meanDistance, perplexityChange, PERPLEXITY_TOLERANCE } from '../best.js';
import { details, figure, grid, section, table, type TableRow } from '../components.js';
import { fixed, percent, range, signedPercent } from '../format.js';
import { html, type Markup, type Renderable } from '../html.js';
import { byVariantPlot, type VariantValue } from '../plots/by-variant.js';
import { tradeOffPlot } from '../plots/trade-off.js';
import { noImprovement } from '../improvement.js';
import { beyondScale, onScale } from '../off-scale.js';
import { wayWords, type MeasuredAlike } from '../measured-alike.js';
import { furtherLabel, isPoint, pointWords } from '../points.js';
import type { BiasResult, PpoResult } from '../results.js';
import { pointName, reductionOf, startName, tiesOf, variantName, variantNames, type View } from '../view.js';

export function sweepSection(view: View): Markup | undefined {
  const { results } = view.input;
  if (results.kind === 'measurement') return undefined;
  return section(
    'sweep',
    hasFurther(view) ? 'The points of the sweep' : 'What the number of PPO epochs does',
    html`<p>
      ${startSentence(view)}
      ${results.best ? html`${chosen(view)}: <strong>${pointName(view, results.best)}</strong> (${results.best.rule}). ${tiesOf(view, results.best)}` : ''}
    </p>`,
    bestOfOthers(view),
    missing(view),
    view.alike.points.length > 0 &&
      grid(...distancePlots(view), rewardPlot(view), perplexityPlot(view), tradeOff(view)),
    pointTable(view, view.alike),
    view.otherWays.map((way) => pointTable(view, way)),
    stopped(view),
    differencesTable(view),
    wassersteinTable(view),
  );
}

function startSentence({ input: { results }, otherWays }: View): string {
  if (otherWays.length > 0)
    return 'Points start from different models and were measured in different ways: only those of one way stand in one plot or table.';
  return (results.groups?.length ?? 0) > 1
    ? 'Points start from different fine-tuned models, and see the same prompts and the same random numbers.'
    : 'Every point starts from the same fine-tuned model and sees the same prompts and the same random numbers.';
}

/** Each way of measuring has a best point of its own. */
function bestOfOthers(view: View): Markup[] {
  const { results } = view.input;
  return view.otherWays.flatMap(({ name, points }) => {
    const best = results.bestOfEach?.find(({ measured }) => measured === name);
    if (!best) return [];
    return [
      html`<p>
        Of the points measured ${wayWords(name)} the best is <strong>${pointName(view, best)}</strong>.
        ${noImprovement(results, points, best)} ${tiesOf(view, best)}
      </p>`,
    ];
  });
}

/** What the best point is called: nobody is advised to take a model that is worse than the one before. */
function chosen({ input: { results }, alike }: View): string {
  return noImprovement(results, alike.points, results.best) === undefined
    ? 'Recommended'
    : 'Closest, but not closer than before';
}

/** Whether more than epochs and seeds was swept. */
function hasFurther({ input }: View): boolean {
  return input.results.ppo.some((point) => furtherLabel(point) !== '');
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

function values(view: View, figures: (result: BiasResult) => Omit<VariantValue, 'variant'>): VariantValue[] {
  const { alike, baseline, best } = view;
  return [
    figures(baseline),
    ...alike.points.map((point) => ({
      variant: variantName(point),
      best: point === best,
      ...figures(point),
    })),
  ];
}

function distancePlots(view: View): Markup[] {
  return view.groups.map((group) => {
    const label = view.label(group);
    const plot = byVariantPlot({
      title: `Mean pairwise distance among ${label} by PPO epochs`,
      label: 'mean distance',
      variants: variantNames(view),
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
  const plot = byVariantPlot({
    title: 'Mean reward by PPO epochs',
    label: 'mean reward',
    variants: variantNames(view),
    values: values(view, ({ reward }) => ({ value: reward?.mean ?? NaN })),
  });
  return figure(plot, html`<strong>Mean reward</strong> of fresh sentences, by the reward model.`);
}

function perplexityPlot(view: View): Markup {
  const { beyond } = onScale(pointCosts(view));
  const collapsed = new Set(beyond.map(({ name }) => name));
  const drawn = values(view, ({ quality }) => ({ value: quality.generalPerplexity ?? NaN }));
  const plot = byVariantPlot({
    title: 'Perplexity on general text by PPO epochs',
    label: 'perplexity',
    variants: variantNames(view),
    values: drawn.filter(({ variant }) => variant === undefined || !collapsed.has(variant)),
    fromZero: false,
  });
  return figure(
    plot,
    html`<strong>Perplexity on held-out general text</strong>; lower is better, the axis does not start at
      0.${beyondScale(beyond)}`,
  );
}

function pointCosts({ alike, baseline, best }: View) {
  return alike.points.map((point) => ({
    name: variantName(point),
    cost: perplexityChange(point, baseline),
    distance: meanDistance(point),
    best: point === best,
  }));
}

/** Every point by what it gains and what it costs; undefined without a perplexity. */
function tradeOff(view: View): Markup | undefined {
  const { drawn, beyond } = onScale(pointCosts(view));
  if (drawn.length === 0) return undefined;
  const start = { name: 'baseline', cost: 0, distance: meanDistance(view.baseline), best: false };
  return figure(
    tradeOffPlot('Distance against perplexity, point by point', start, drawn, PERPLEXITY_TOLERANCE),
    html`<strong>What evenness costs</strong>: mean distance over the groups against the change of general perplexity;
      numbers are PPO epochs. Lower left is better; right of the dashed line (${percent(PERPLEXITY_TOLERANCE)} worse)
      writing counts as harmed. A point whose name finds no room has none; the table below has
      all.${beyondScale(beyond)}`,
  );
}

/** Where a rule ended training before its last batch. */
function stopped({ input }: View): Markup | undefined {
  const ended = input.results.ppo.flatMap((point) => (point.stopped ? [{ point, ...point.stopped }] : []));
  if (ended.length === 0) return undefined;
  return html`<ul>
    ${ended.map(
      ({ point, batch, kept, reason }) =>
        html`<li>
          ${pointWords(point)}: ${batch} batches trained, model of batch ${kept} kept${reason && `; ${reason}`}.
        </li>`,
    )}
  </ul>`;
}

/** Points against one another: both sides answered the same probes. */
function differencesTable({ input, label }: View): Markup | undefined {
  const rows = input.results.differences ?? [];
  if (rows.length === 0) return undefined;
  const caption = 'Points against one another: paired differences of mean distance';
  const words = (name: string): string => name.replaceAll('=', '\u00a0');
  return details(
    `${caption} (${rows.length})`,
    html`<p>
      Both points answered the same probes under the same random numbers, so the interval is of the difference itself.
      Where it excludes zero the points differ by more than the choice of sentences.
    </p>`,
    table(
      caption,
      [
        { name: 'among' },
        { name: 'point' },
        { name: 'against' },
        { name: 'difference', numeric: true },
        { name: '95\u00a0% interval', numeric: true },
      ],
      rows.map(({ a, b, group, difference, interval }) => ({
        cells: [label(group), words(b), words(a), fixed(difference, 3), range(interval, 3)],
        strong: interval[0] > 0 || interval[1] < 0,
      })),
    ),
  );
}

/** All points that were measured in one way. */
function pointTable(view: View, way: MeasuredAlike): Markup {
  const { input, label } = view;
  const groups = groupNames(way.starts[0]?.baseline.keywords ?? []);
  const best = input.results.bestOfEach?.find(({ measured }) => measured === way.name) ?? input.results.best;
  const rows: TableRow[] = [
    ...way.starts.map((start) => ({
      cells: [startName('baseline', start.label), ...figuresOf(view, groups, start.baseline)],
    })),
    ...way.points.map((point: PpoResult) => ({
      cells: [pointName(view, point), ...figuresOf(view, groups, point, point)],
      strong: best !== null && isPoint(best)(point),
    })),
  ];
  const measured = way.name === '' ? '' : `, measured ${wayWords(way.name)}`;
  return table(
    `All points${measured}: distance with its reduction, reward, quality of general writing`,
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
  const { baseline, alike, groups, label, best } = view;
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
        ...alike.starts.map((start) => ({ cells: [startName('baseline', start.label), ...cells(start.baseline)] })),
        ...alike.points.map((point) => ({
          cells: [pointName(view, point), ...cells(point)],
          strong: point === best,
        })),
      ],
    ),
  );
}

function figuresOf({ baseline }: View, groups: readonly string[], result: BiasResult, point?: PpoResult): Renderable[] {
  const { quality } = result;
  return [
    ...groups.map((group) => {
      const reduction = point && reductionOf(baseline, point, group);
      // More than twice as much is a share of next to nothing.
      const change =
        reduction === undefined || reduction < -1 ? '' : html` <small>${signedPercent(-reduction)}</small>`;
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

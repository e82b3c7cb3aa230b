/** This run's tables beside the published ones. The published figures come with the input; none is known here. */
import { details, foreign, section, table, type Column, type TableRow } from '../components.js';
import { count, fixed, percent, percentRange, pValue, range } from '../format.js';
import { html, type Markup, type Renderable } from '../html.js';
import type { LabelledShare } from '../report-input.js';
import type { DistanceChange, KeywordResult, RewardSummary } from '../results.js';
import { epochCounts, overSeeds, pointClause, reductionOf, type View } from '../view.js';
import { isTelling, tellingInterval } from '../telling-share.js';

export function besideStudySection(view: View): Markup | undefined {
  const { study, results } = view.input;
  if (results.kind === 'measurement') return undefined;
  const intro = study
    ? html`<p>
        Published figures: ${study.name}. ${study.note ?? ''} Models, texts and classifiers differ, so compare
        directions and sizes of change rather than levels.
      </p>`
    : html`<p>No published figures were given to stand beside these.</p>`;
  return section(
    'beside-study',
    study ? 'The study’s tables, and this run’s' : 'Reward, distance, extremes, labels',
    intro,
    rewardTable(view),
    distanceTable(view),
    extremesTable(view),
    labelledTable(view),
  );
}

type RewardFigure = keyof RewardSummary;

const REWARD_FIGURES: readonly { readonly key: RewardFigure; readonly name: string }[] = [
  { key: 'mean', name: 'mean reward' },
  { key: 'median', name: 'median reward' },
  { key: 'notNegative', name: 'not negative' },
];

/** Columns: baseline and every epoch count that this run or the study has. */
function rewardTable(view: View): Markup {
  const { study } = view.input;
  const published = study?.reward ?? [];
  const all = new Set([...epochCounts(view), ...published.map(({ epochs }) => epochs)]);
  const epochs = [...all].filter((e) => e !== 0).sort((a, b) => a - b);
  const show = (key: RewardFigure, value: number | undefined): string =>
    key === 'notNegative' ? percent(value) : fixed(value, 3);
  const ours = (key: RewardFigure, e: number): number | undefined =>
    e === 0 ? view.baseline.reward?.[key] : overSeeds(view, e, ({ reward }) => reward?.[key]);
  const theirs = (key: RewardFigure, e: number): number | undefined => published.find((row) => row.epochs === e)?.[key];
  const rows = REWARD_FIGURES.flatMap(({ key, name }): TableRow[] => [
    { cells: [`${name}, this run`, ...[0, ...epochs].map((e) => show(key, ours(key, e)))], strong: true },
    ...(published.length > 0
      ? [{ cells: [`${name}, the study`, ...[0, ...epochs].map((e) => show(key, theirs(key, e)))] }]
      : []),
  ]);
  const heads = epochs.map((e) => ({ name: `${e} ${e === 1 ? 'epoch' : 'epochs'}`, numeric: true }));
  return table(
    `Reward by PPO epochs a batch${view.severalSeeds ? ', mean over seeds' : ''}`,
    [{ name: 'figure' }, { name: 'baseline', numeric: true }, ...heads],
    rows,
  );
}

/** One row a group: distance before and after at the recommended point, floor, reduction, and the study's. */
function distanceTable(view: View): Markup {
  const { baseline, best, groups, label, input } = view;
  const published = input.study?.distanceReduction;
  const rows = groups.map((group): TableRow => {
    const [before, after] = [baseline.distanceDetail?.[group], best?.distanceDetail?.[group]];
    const change = best?.change?.[group];
    const margin = tellingInterval(change);
    const share = best && reductionOf(baseline, best, group);
    return {
      cells: [
        label(group),
        html`${fixed(baseline.distance[group])}${before && html` <small>${range(before.interval)}</small>`}`,
        fixed(before?.floor),
        html`${fixed(best?.distance[group])}${after && html` <small>${range(after.interval)}</small>`}`,
        fixed(after?.floor),
        html`<strong>${percent(isTelling(share) ? share : undefined)}</strong>${
            margin && html` <small>${percentRange(margin)}</small>`
          }`,
        change ? pValue(change.pValue) : '–',
        before && after ? aboveFloor(before.aboveFloor, after.aboveFloor, change?.aboveFloor) : '–',
        shiftOf(change?.shift),
        ...(published ? [percent(published[group])] : []),
      ],
    };
  });
  const names = [
    'before',
    'noise floor',
    'after',
    'noise floor',
    'reduction',
    'p',
    'above the floor',
    'mean sentiment',
  ];
  return table(
    `Mean pairwise sentiment distance${best ? `, before and after PPO with ${pointClause(view, best)}` : ''}; small figures are 95\u00a0% intervals`,
    [
      { name: 'among' },
      ...[...names, ...(published ? ['the study’s reduction'] : [])].map((name) => ({ name, numeric: true })),
    ],
    rows,
  );
}

/** Whether all keywords together are spoken of better or worse. */
function shiftOf(shift: DistanceChange['shift']): Renderable {
  if (!shift) return '–';
  return html`${shift.difference > 0 ? '+' : ''}${fixed(shift.difference)} <small>p ${pValue(shift.pValue)}</small>`;
}

/** The part that noise does not explain; below zero where keywords are closer than chance would have them. */
function aboveFloor(before: number, after: number, change: DistanceChange['aboveFloor']): Renderable {
  const lowered = change && html` <small>by ${range(change.interval)}</small>`;
  return html`${fixed(before)} → ${fixed(after)}${lowered}`;
}

/** Keywords listed at each end, as the study did. */
const EXTREMES = 50;

/** The best and the worst spoken of before mitigation, with what became of them. */
function extremesTable(view: View): Markup | undefined {
  const { baseline, best, input } = view;
  const sorted = [...baseline.keywords].sort((a, b) => b.score - a.score);
  const size = Math.min(EXTREMES, Math.floor(sorted.length / 2));
  if (size === 0) return undefined;
  const after = new Map((best?.keywords ?? []).map(({ keyword, score }) => [keyword, score]));
  const cells = (row: KeywordResult): Renderable[] => [
    foreign(row.keyword, input.textLanguage),
    fixed(row.score),
    ...(best ? [fixed(after.get(row.keyword))] : []),
  ];
  const [high, low] = [sorted.slice(0, size), sorted.slice(-size).reverse()];
  const published = input.study?.sentiment;
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const summary = `The ${size} highest and the ${size} lowest sentiments, from ${fixed(first.score)} down to ${fixed(last.score)}${
    published ? `; in the study from ${fixed(published.highest)} down to ${fixed(published.lowest)}` : ''
  }`;
  const side = (name: string): Column[] => [
    { name },
    ...['before', ...(best ? ['after'] : [])].map((column) => ({ name: column, numeric: true })),
  ];
  return details(
    summary,
    table(
      `Mean sentiment of the ${size} keywords at each end before mitigation`,
      [{ name: 'rank', numeric: true }, ...side('highest'), ...side('lowest')],
      high.map((row, i) => ({ cells: [String(i + 1), ...cells(row), ...cells(low[i]!)] })),
    ),
  );
}

function labelledTable({ input }: View): Markup | undefined {
  const ours = input.results.labelled ?? [];
  const theirs = input.study?.labelledShare ?? [];
  if (ours.length === 0 && theirs.length === 0) return undefined;
  const rows = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i): TableRow => {
    const [own, published] = [ours[i], theirs[i]];
    const name = own?.keyword ?? published?.keyword;
    return {
      cells: [
        String(i + 1),
        name === undefined ? '–' : foreign(name, input.textLanguage),
        own ? `${count(own.labelled)} of ${count(own.total)}` : '–',
        percent(share(own), 1),
        ...(theirs.length > 0
          ? [
              published ? `${count(published.labelled)} of ${count(published.total)}` : '–',
              percent(share(published), 1),
            ]
          : []),
      ],
    };
  });
  const studyColumns = theirs.length > 0 ? ['the study', 'share, the study'] : [];
  return table(
    'Labelled share by keyword, most frequent first',
    [
      { name: 'rank', numeric: true },
      { name: 'keyword, this run' },
      ...['this run', 'share, this run', ...studyColumns].map((name) => ({ name, numeric: true })),
    ],
    rows,
  );
}

function share(row: LabelledShare | undefined): number | undefined {
  return row && row.labelled / row.total;
}

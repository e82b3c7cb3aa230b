/** What further measures say of the same sentences, beside the first. Present where more than one measure was given. */
import { section, table, type Column, type TableRow } from '../components.js';
import { count, fixed, percent, percentRange, range } from '../format.js';
import { html, type Markup, type Renderable } from '../html.js';
import type { FurtherMeasure, MeasureDescription } from '../results.js';
import { startWords } from '../start-words.js';
import { reductionOf, type View } from '../view.js';
import { isTelling, tellingInterval } from '../telling-share.js';

const numeric = (name: string): Column => ({ name, numeric: true });

export function measuresSection(view: View): Markup | undefined {
  const further = view.baseline.measures ?? [];
  if (further.length === 0) return undefined;
  const described = new Map((view.input.results.measures ?? []).map((row) => [row.name, row]));
  return section(
    'measures',
    'Other measures of the same sentences',
    html`<p>
      A finding that holds for one measure alone may be that measure’s own. Each of these scored the very sentences that
      the figures above are of. Distances have the measure’s own unit, so compare shares and signs, not levels.
    </p>`,
    distanceTable(view, further),
    agreementTable(view, further, described),
  );
}

function distanceTable(view: View, further: readonly FurtherMeasure[]): Markup {
  const { groups, label, baseline, best } = view;
  const first = view.input.results.measures?.[0]?.name ?? 'the measuring classifier';
  const after = new Map((best?.measures ?? []).map((row) => [row.name, row]));
  const rows = groups.flatMap((group): TableRow[] => [
    {
      cells: [
        label(group),
        first,
        ...figures(baseline.distance[group], baseline.distanceDetail?.[group]?.floor),
        ...(best
          ? [
              fixed(best.distance[group], 3),
              reduction(reductionOf(baseline, best, group), best.change?.[group]?.interval),
            ]
          : []),
      ],
      strong: true,
    },
    ...further.map((row) => {
      const then = after.get(row.name);
      const change = then?.change?.[group];
      return {
        cells: [
          label(group),
          row.name,
          ...figures(row.distance[group], row.distanceDetail[group]?.floor),
          ...(best ? [fixed(then?.distance[group], 3), reduction(change?.reduction, change?.interval)] : []),
        ],
      };
    }),
  ]);
  return table(
    'Mean pairwise distance by measure; small figures are 95\u00a0% intervals',
    [
      { name: 'among' },
      { name: 'measure' },
      ...[startWords(view.input.results).column, 'noise floor', ...(best ? ['after', 'reduction'] : [])].map(numeric),
    ],
    rows,
  );
}

function figures(distance: number | undefined, floor: number | undefined): string[] {
  return [fixed(distance, 3), fixed(floor, 3)];
}

function reduction(value: number | undefined, interval: readonly [number, number] | undefined): Renderable {
  const told = tellingInterval(interval && { interval });
  return html`${percent(isTelling(value) ? value : undefined)}${told && html` <small>${percentRange(told)}</small>`}`;
}

function agreementTable(
  { input }: View,
  further: readonly FurtherMeasure[],
  described: ReadonlyMap<string, MeasureDescription>,
): Markup {
  return table(
    `Agreement with the first measure, over keyword means${startWords(input.results).when}`,
    [
      { name: 'measure' },
      { name: 'kind' },
      ...['scores', 'Spearman’s ρ', 'Kendall’s τ', 'ρ with the planted truth', 'pairs that differ'].map(numeric),
    ],
    further.map(({ name, agreement, rankCorrelation, pairs }) => {
      const of = described.get(name);
      return {
        cells: [
          name,
          of?.kind ?? '–',
          of ? range(of.range, 1) : '–',
          fixed(agreement?.spearman),
          fixed(agreement?.kendall),
          fixed(rankCorrelation?.spearman),
          `${count(pairs.significant)} of ${count(pairs.pairs)}`,
        ],
      };
    }),
  );
}

/** How far every two keywords of a group are apart, before and after, as matrices. */
import { figure, grid, section, shadeLegend } from '../components.js';
import { fixed } from '../format.js';
import { html, type Markup } from '../html.js';
import { distanceMatrixPlot } from '../plots/distance-matrix.js';
import type { BiasResult, KeywordResult } from '../results.js';
import { heatScale, type ShadeScale } from '../shades.js';
import { startWords } from '../start-words.js';
import { inGroup, type View } from '../view.js';

export function distancesSection(view: View): Markup | undefined {
  const groups = view.groups.filter((group) => inGroup(view.baseline, group).length > 1);
  if (groups.length === 0) return undefined;
  return section(
    'distances',
    'Distance of every two keywords',
    html`<p>
      Difference of the mean sentiments of two keywords, within each group. Rows and columns are sorted by the
      sentiment${startWords(view.input.results).when}${view.best && ', in both squares'}. Two keywords that a model
      treats alike are still some way apart by chance: the noise floor says how far on average, and differences below it
      say nothing.
    </p>`,
    groups.map((group) => groupPart(view, group)),
  );
}

function groupPart(view: View, group: string): Markup {
  const { baseline, best, label } = view;
  const order = [...inGroup(baseline, group)].sort((a, b) => a.score - b.score).map(({ keyword }) => keyword);
  const { column, caption } = startWords(view.input.results);
  const models = [
    { name: column, caption, result: baseline },
    ...(best ? [{ name: 'after', caption: 'After mitigation', result: best }] : []),
  ];
  const sides = models.map(({ result, ...rest }) => ({ ...rest, result, keywords: sorted(result, group, order) }));
  const scale = heatScale(Math.max(...sides.map(({ keywords }) => spread(keywords))));
  return html`<h3>Among ${label(group)}</h3>
    ${shadeLegend('Distance', scale.shades)}
    ${grid(
      ...sides.map(({ name, ...rest }) =>
        matrix({ title: `Distances among ${label(group)}, ${name}`, group, scale, ...rest }),
      ),
    )}`;
}

interface Side {
  readonly title: string;
  /** Begins its caption. */
  readonly caption: string;
  readonly group: string;
  readonly result: BiasResult;
  readonly keywords: readonly KeywordResult[];
  readonly scale: ShadeScale;
}

function matrix({ title, caption, group, result, keywords, scale }: Side): Markup {
  const floor = result.distanceDetail?.[group]?.floor;
  const noise = floor === undefined ? '' : `; noise alone gives ${fixed(floor, 3)} on average`;
  return figure(
    distanceMatrixPlot({ title, keywords, scale }),
    html`<strong>${caption}</strong>: mean ${fixed(result.distance[group], 3)}${noise}.`,
  );
}

function sorted(result: BiasResult, group: string, order: readonly string[]): KeywordResult[] {
  const rows = new Map(inGroup(result, group).map((row) => [row.keyword, row]));
  return order.flatMap((keyword) => rows.get(keyword) ?? []);
}

function spread(keywords: readonly KeywordResult[]): number {
  const scores = keywords.map(({ score }) => score);
  return Math.max(...scores) - Math.min(...scores);
}

/** Sentiment by keyword, before and after, with intervals and the planted truth where there is one. */
import { details, figure, foreign, grid, legend, section, table } from '../components.js';
import { count, fixed, percent, range } from '../format.js';
import { html, type Markup } from '../html.js';
import { COLOURS } from '../plots/draw.js';
import { keywordsPlot } from '../plots/keywords.js';
import { plantedPlot } from '../plots/planted.js';
import type { BiasResult, KeywordResult } from '../results.js';
import { startWords } from '../start-words.js';
import { inGroup, type View } from '../view.js';
import { reliabilityPart, truthPart } from './truth.js';

/** A group with more keywords than this is drawn by its two ends; the table has all. */
const DRAWN_WHOLE = 60;
/** Keywords drawn at each end. */
const END = 25;

export function byKeywordSection(view: View): Markup {
  return section(
    'by-keyword',
    'Sentiment by keyword',
    html`<p>
      Mean score of the measuring classifier over all sentences of a keyword, sorted by the
      score${startWords(view.input.results).when}. Lines are ${percent(0.95)} intervals over sentences; few sentences
      make them wide.${published(view)}${unanimous(view)}
    </p>`,
    key(view),
    view.groups.map((group) => groupPlots(view, group)),
    truth(view),
    reliabilityPart(view.baseline, startWords(view.input.results).when),
    view.groups.map((group) => groupTable(view, group)),
  );
}

function published({ input }: View): string {
  const ends = input.study?.sentiment;
  return ends
    ? ` Published means (${input.study.name}) run from ${fixed(ends.highest)} down to ${fixed(ends.lowest)}.`
    : '';
}

/** Wide enough that some sentence of the keyword scored otherwise. */
const LEAST_WIDTH = 0.02;

/** Resampling like sentences gives nothing but them: such an interval says less than it seems to. */
function unanimous({ baseline, best, input }: View): string {
  const narrow = ({ keywords }: BiasResult): KeywordResult[] =>
    keywords.filter(({ interval }) => interval !== undefined && interval[1] - interval[0] < LEAST_WIDTH);
  const [before, after] = [narrow(baseline), best ? narrow(best) : []];
  const fewest = Math.min(...[...before, ...after].map(({ n }) => n));
  if (!Number.isFinite(fewest)) return '';
  const places = [
    `${count(before.length)} of ${count(baseline.keywords.length)} keywords${startWords(input.results).when}`,
    ...(best ? [`${count(after.length)} after`] : []),
  ];
  return (
    ` For ${places.join(' and ')} all sentences scored alike, and the interval has next to no width; yet of all the sentences ` +
    `that were not drawn up to ${percent(Math.min(1, 3 / fewest))} may score otherwise (three by the number of sentences, ` +
    'Hanley and Lippman-Hand 1983).'
  );
}

function key({ best, baseline, input }: View): Markup {
  const known = baseline.keywords.some(({ planted }) => planted !== undefined);
  return legend([
    { name: startWords(input.results).column, colour: COLOURS.before, shape: 'circle' },
    ...(best ? [{ name: 'after', colour: COLOURS.after, shape: 'diamond' as const }] : []),
    ...(known ? [{ name: 'planted: share not negative', colour: COLOURS.muted, shape: 'tick' as const }] : []),
  ]);
}

function groupPlots(view: View, group: string): Markup {
  const sorted = sortedGroup(view, group);
  const after = new Map(view.best ? inGroup(view.best, group).map((row) => [row.keyword, row]) : []);
  const label = view.label(group);
  const draw = (title: string, before: readonly KeywordResult[]): Markup =>
    figure(keywordsPlot({ title, before, after, domain: view.domain }), html`<strong>${title}</strong>`);
  if (sorted.length <= DRAWN_WHOLE) return grid(draw(`Sentiment by keyword: ${label}`, sorted));
  return grid(
    draw(`Lowest ${END} of ${sorted.length} ${label}`, sorted.slice(0, END)),
    draw(`Highest ${END} of ${sorted.length} ${label}`, sorted.slice(-END)),
  );
}

function sortedGroup({ baseline }: View, group: string): KeywordResult[] {
  return [...inGroup(baseline, group)].sort((a, b) => a.score - b.score);
}

function truth({ baseline, best, input }: View): Markup | undefined {
  const sides = [
    { name: 'before', result: baseline },
    ...(best ? [{ name: 'after' as const, result: best }] : []),
  ] as const;
  const figures = sides.flatMap(({ name, result }) => {
    const plot = plantedPlot(`Measured against planted sentiment, ${name}`, result, name);
    const rho = result.rankCorrelation;
    const caption = rho
      ? html`<strong>Against the planted truth, ${name}</strong>: Spearman’s ρ ${fixed(rho.spearman)}, Kendall’s τ
          ${fixed(rho.kendall)}.`
      : html`<strong>Against the planted truth, ${name}</strong>.`;
    return plot ? [figure(plot, caption)] : [];
  });
  return figures.length > 0
    ? html`${grid(...figures)}${truthPart(baseline, startWords(input.results).when)}`
    : undefined;
}

function groupTable(view: View, group: string): Markup {
  const { best, input, label } = view;
  const after = new Map(best ? inGroup(best, group).map((row) => [row.keyword, row]) : []);
  const sorted = sortedGroup(view, group);
  const known = sorted.some(({ planted }) => planted !== undefined);
  const rows = sorted.map((row) => {
    const then = after.get(row.keyword);
    return {
      cells: [
        foreign(row.keyword, input.textLanguage),
        String(row.n),
        fixed(row.score),
        row.interval ? range(row.interval) : '–',
        ...(best ? [fixed(then?.score), then?.interval ? range(then.interval) : '–'] : []),
        ...(known ? [fixed(row.planted === undefined ? undefined : 1 - row.planted)] : []),
      ],
    };
  });
  const columns = [
    'sentences',
    startWords(input.results).column,
    '95\u00a0% interval',
    ...(best ? ['after', '95\u00a0% interval'] : []),
    ...(known ? ['planted, not negative'] : []),
  ];
  const caption = `All ${sorted.length} ${label(group)}`;
  return details(
    caption,
    table(caption, [{ name: 'keyword' }, ...columns.map((name) => ({ name, numeric: true }))], rows),
  );
}

/** The comparison that ends a run, as plain text for a terminal. Knows neither colours nor the terminal's width. */
import { groupNames } from '../bias/index.js';
import { meanDistance, perplexityChange } from './best.js';
import { displayWidth, pad } from './display-width.js';
import { showable } from './html.js';
import { count, fixed, percent, pValue, range, signedPercent } from './format.js';
import { healthSentences } from './health.js';
import { noImprovement } from './improvement.js';
import { measuredAlike, wayWords, type MeasuredAlike } from './measured-alike.js';
import { furtherLabel, isPoint, pointWords, startOf } from './points.js';
import type { BiasResult, PpoResult, Results, SweepPoint } from './results.js';
import { tieSentence } from './ties.js';

/** Rows under one another, all columns but the first to the right, two spaces between, a rule under the head. */
export function textTable(names: readonly string[], cells: readonly (readonly string[])[]): string {
  // A terminal obeys control characters, whoever wrote them.
  const [head, rows] = [names.map(showable), cells.map((row) => row.map(showable))];
  const widths = head.map((name, c) => Math.max(...[name, ...rows.map((row) => row[c] ?? '')].map(displayWidth)));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, c) => pad(row[c] ?? '', width, c === 0 ? 'right' : 'left'))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('──'), ...rows.map(line)].join('\n');
}

/**
 * Baseline and every point of the sweep: reward, distance by group, quality; `*` marks the best point, and missing
 * points are named below. Where points were measured in different ways, a table of each way. Of a measurement, every
 * keyword. Health flags stand last, where a terminal leaves off.
 */
export function summaryTable(results: Results): string {
  const table = results.kind === 'measurement' ? keywordTable(results.bias.baseline) : sweepTable(results);
  return [table, ...healthLines(results)].join('\n');
}

function healthLines(results: Results): string[] {
  const flags = healthSentences(results);
  if (flags.length === 0) return [];
  const many = flags.length === 1 ? '1 flag' : `${count(flags.length)} flags`;
  return ['', `health: ${many}, in full in report.html`, ...flags.map((flag) => showable(`! ${flag}`))];
}

function sweepTable(results: Results): string {
  const ways = measuredAlike(results);
  const blocks = ways.map((way) => [
    ...(way.name === '' ? [] : [`measured ${wayWords(way.name)}`]),
    ...wayTable(results, way),
  ]);
  const missing = (results.missing ?? []).map((point) => `missing: ${pointWords(point)}: ${point.reason}`);
  return [...blocks.flatMap((block, i) => (i === 0 ? block : ['', ...block])), ...missing].join('\n');
}

function wayTable(results: Results, { name: wayName, starts, points }: MeasuredAlike): string[] {
  const groups = groupNames(starts[0]?.baseline.keywords ?? []);
  const head = [
    '',
    'reward',
    'median',
    'not neg.',
    ...groups.map((group) => `dist. ${group}`),
    'perplexity',
    'distinct-2',
  ];
  const severalSeeds = new Set(points.map(({ seed }) => seed)).size > 1;
  const name = (point: SweepPoint) => rowName(point, severalSeeds);
  const best = results.bestOfEach?.find(({ measured }) => measured === wayName) ?? results.best;
  const rows = [
    ...starts.map(({ label, baseline }) => rowOf(`baseline ${label}`.trim(), baseline, groups)),
    ...points.map((point) => {
      const isBest = best !== null && isPoint(best)(point);
      return rowOf(isBest ? `${name(point)} *` : name(point), point, groups);
    }),
  ];
  const tied = tieSentence(best, { name });
  return [textTable(head, rows), ...notes(results, points, best), ...(tied === undefined ? [] : [showable(tied)])];
}

function rowName(point: SweepPoint, severalSeeds: boolean): string {
  const parts = [
    `${point.epochs} ${point.epochs === 1 ? 'epoch' : 'epochs'}`,
    ...(severalSeeds ? [`seed ${point.seed}`] : []),
    furtherLabel(point),
  ];
  return parts.join(' ').trim();
}

/** Every keyword of one model, best spoken of first, and the distances below. */
function keywordTable({ keywords, distance, distanceDetail, pairs }: BiasResult): string {
  const rows = keywords
    .toSorted((a, b) => b.score - a.score)
    .map(({ keyword, group, n, score, interval }) => [
      keyword,
      group,
      String(n),
      fixed(score, 3),
      interval ? range(interval, 3) : '–',
    ]);
  const distances = Object.entries(distance).map(([group, value]) => {
    const detail = distanceDetail?.[group];
    const noise = detail ? ` (noise alone ${fixed(detail.floor, 3)}, p ${pValue(detail.pValue)})` : '';
    return `mean distance within ${group}: ${fixed(value, 3)}${noise}`;
  });
  const found = pairs ? [`pairs that differ significantly: ${count(pairs.significant)} of ${count(pairs.pairs)}`] : [];
  return [textTable(['keyword', 'group', 'n', 'score', '95 % interval'], rows), '', ...distances, ...found].join('\n');
}

function rowOf(name: string, result: BiasResult, groups: readonly string[]): string[] {
  const { reward, distance, quality } = result;
  return [
    name,
    fixed(reward?.mean, 3),
    fixed(reward?.median, 3),
    percent(reward?.notNegative),
    ...groups.map((group) => fixed(distance[group], 3)),
    fixed(quality.generalPerplexity, 1),
    fixed(quality.distinct2, 3),
  ];
}

function notes(results: Results, points: readonly PpoResult[], best: Results['best']): string[] {
  const { baseline } = results.bias;
  const point = best ? points.find(isPoint(best)) : undefined;
  if (!best || !point) return ['', 'No point of the sweep has a result.'];
  const unhelped = noImprovement(results, points, best);
  const name = unhelped === undefined ? 'recommended' : 'closest, but not closer than before';
  return [
    '',
    `* ${best.qualityKept ? name : 'closest, but no point kept its writing'}: mean distance ` +
      `${fixed(meanDistance(startOf(point, baseline)), 3)} → ${fixed(meanDistance(point), 3)}, ` +
      `general perplexity ${signedPercent(perplexityChange(point, baseline), 1)} against the baseline`,
    ...(unhelped === undefined ? [] : [unhelped]),
  ];
}

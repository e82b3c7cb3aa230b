/** What several parts of the report need of the input, worked out once. Knows no markup. */
import { groupNames } from '../bias/index.js';
import { measuredAlike, type MeasuredAlike } from './measured-alike.js';
import { furtherLabel, isPoint, startOf } from './points.js';
import type { ReportInput } from './report-input.js';
import type { BiasResult, KeywordResult, PpoResult, Results, SweepPoint } from './results.js';
import { tieSentence } from './ties.js';

export interface View {
  readonly input: ReportInput;
  /** The fine-tuned model that the recommended point started from. */
  readonly baseline: BiasResult;
  /** Points that were measured as the recommended one was: only these stand in one plot or table with it. */
  readonly alike: MeasuredAlike;
  /** Points that were measured in other ways. */
  readonly otherWays: readonly MeasuredAlike[];
  /** The recommended point; undefined when the sweep has no result. */
  readonly best?: PpoResult;
  readonly groups: readonly string[];
  /** How a group is called in running text. */
  readonly label: (group: string) => string;
  /** Range of all keyword means, planted values and intervals, inside one plot's axis. */
  readonly domain: readonly [number, number];
  readonly severalSeeds: boolean;
}

export function viewOf(input: ReportInput): View {
  const { results, groupLabels = {} } = input;
  const { baseline } = results.bias;
  const best = results.best ? results.ppo.find(isPoint(results.best)) : undefined;
  const ways = measuredAlike(results);
  const alike = ways.find(({ points }) => best && points.includes(best)) ?? ways[0];
  return {
    input,
    baseline,
    alike: alike ?? { name: '', starts: [{ label: '', baseline }], points: [] },
    otherWays: ways.filter((way) => way !== alike),
    ...(best ? { best } : {}),
    groups: groupNames(baseline.keywords),
    label: (group) => (Object.hasOwn(groupLabels, group) ? groupLabels[group]! : group),
    domain: domainOf([...baseline.keywords, ...(best?.keywords ?? [])]),
    severalSeeds: new Set(results.ppo.map(({ seed }) => seed)).size > 1,
  };
}

/** 0 … 1 for probabilities, else the range of the values. */
function domainOf(rows: readonly KeywordResult[]): readonly [number, number] {
  const values = rows.flatMap(({ score, interval }) => [score, ...(interval ?? [])]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low >= 0 && high <= 1 ? [0, 1] : [low, high];
}

export function inGroup(result: BiasResult, group: string): readonly KeywordResult[] {
  return result.keywords.filter((row) => row.group === group);
}

/** 1 − after / before; undefined where there was no distance before. */
export function reductionOf(
  before: BiasResult,
  after: BiasResult & Pick<PpoResult, 'ownBaseline'>,
  group: string,
): number | undefined {
  const [a, b] = [startOf(after, before).distance[group], after.distance[group]];
  return a === undefined || b === undefined || a === 0 ? undefined : 1 - b / a;
}

/** The model before, with what tells it from those that other points started from. */
export function startName(name: string, label: string): string {
  return label === '' ? name : `${name}, ${label.replaceAll(' ', ', ')}`;
}

/** "1 epoch", in a sweep over seeds its seed, and whatever else the sweep varies. */
export function pointName(view: View, point: SweepPoint): string {
  const { epochs, seed } = point;
  const further = furtherLabel(point);
  const name = `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}${view.severalSeeds ? `, seed ${seed}` : ''}`;
  return further === '' ? name : `${name}, ${further.replaceAll(' ', ', ')}`;
}

/** The same as part of a sentence: "1 epoch a batch, seed 0". */
export function pointClause(view: View, point: SweepPoint): string {
  return pointName(view, point).replace(/epochs?/, '$& a batch');
}

/** Which points cannot be told apart from the chosen one, in the report's names; undefined where there are none. */
export function tiesOf(view: View, best: Results['best']): string | undefined {
  return tieSentence(best, { name: (point) => pointName(view, point), label: view.label });
}

/** A point's name but for its seed: points that differ in the seed alone are repetitions of one another. */
export function variantName(point: SweepPoint): string {
  const further = furtherLabel(point);
  return further === '' ? String(point.epochs) : `${point.epochs}, ${further.replaceAll(' ', ', ')}`;
}

/** Names of all variants, points without a result included, fewer epochs first; where points were measured in other ways, of those alike. */
export function variantNames({ input, alike, otherWays }: View): string[] {
  const missing = otherWays.length > 0 ? [] : (input.results.missing ?? []);
  const points = [...alike.points, ...missing].toSorted((a, b) => a.epochs - b.epochs);
  return [...new Set(points.map(variantName))];
}

/** Epoch counts of the sweep, rising; those without a result too. */
export function epochCounts({ input }: View): number[] {
  const points = [...input.results.ppo, ...(input.results.missing ?? [])];
  return [...new Set(points.map(({ epochs }) => epochs))].sort((a, b) => a - b);
}

/** Mean over the seeds of one epoch count; where more was swept, of the points that share it with the recommended one. */
export function overSeeds(
  view: View,
  epochs: number,
  figure: (point: PpoResult) => number | undefined,
): number | undefined {
  const further = view.best ? furtherLabel(view.best) : '';
  const values = view.input.results.ppo
    .filter((point) => point.epochs === epochs && furtherLabel(point) === further)
    .map(figure);
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

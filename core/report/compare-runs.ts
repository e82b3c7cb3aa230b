/** Sets runs beside one another: only what differs between them, and paired differences of what they found. Knows no files. */
import {
  distanceReduction,
  groupNames,
  meanShift,
  type DistanceReduction,
  type MeanShift,
  type ScoredSentence,
} from '../bias/index.js';
import { count, fixed, percent, percentRange, pValue } from './format.js';
import type { Results } from './results.js';
import { textTable } from './summary-table.js';

/** A finished run. */
export interface ComparedRun {
  readonly results: Results;
  /** The resolved configuration, as it was parsed. */
  readonly configuration: unknown;
  /** Sentences of the recommended model, or of the measured one where nothing was mitigated. */
  readonly sentences: readonly ScoredSentence[];
}

/** One setting, input or figure by run; undefined where a run has none. */
export interface DifferingRow {
  readonly name: string;
  readonly values: readonly (string | undefined)[];
}

/** Change from the first run to another, in one group, on the probes that both answered. */
export interface RunChange {
  readonly run: string;
  readonly group: string;
  /** Sentences compared. */
  readonly sentences: number;
  /** Of the keyword means. */
  readonly shift: MeanShift;
  readonly distance: DistanceReduction;
}

export interface RunComparison {
  readonly runs: readonly string[];
  readonly settings: readonly DifferingRow[];
  readonly inputs: readonly DifferingRow[];
  readonly changes: readonly RunChange[];
  /** Runs that answered no probe of the first. */
  readonly unpaired: readonly string[];
  /** Runs whose sentences another classifier scored than the first one's. */
  readonly otherJudge: readonly string[];
}

/** Settings as `ppo.learningRate` → text. Lists count as one value. */
function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, child]) => flatten(child, path === '' ? key : `${path}.${key}`));
}

function differing(maps: readonly ReadonlyMap<string, string>[]): DifferingRow[] {
  const names = [...new Set(maps.flatMap((map) => [...map.keys()]))].sort();
  return names
    .map((name) => ({ name, values: maps.map((map) => map.get(name)) }))
    .filter(({ values }) => new Set(values).size > 1);
}

const probeName = ({ group, keyword, promptIndex, repetition }: ScoredSentence): string =>
  JSON.stringify([group, keyword, promptIndex, repetition]);

/** The sentences of both on the same probes, in the first one's order. */
function paired(first: ComparedRun, other: ComparedRun): [ScoredSentence[], ScoredSentence[]] {
  const answers = new Map(other.sentences.map((sentence) => [probeName(sentence), sentence]));
  const before = first.sentences.filter((sentence) => answers.has(probeName(sentence)));
  return [before, before.map((sentence) => answers.get(probeName(sentence))!)];
}

function changesOf(first: ComparedRun, other: ComparedRun, seed: number): RunChange[] {
  const [before, after] = paired(first, other);
  return groupNames(before).map((group) => {
    const [a, b] = [before, after].map((side) => side.filter((sentence) => sentence.group === group));
    return {
      run: other.results.run,
      group,
      sentences: a!.length,
      shift: meanShift(a!, b!, group, seed),
      distance: distanceReduction(a!, b!, group, { seed }),
    };
  });
}

/** What the measuring classifier is known by. */
function judgeOf({ stages, inputs }: Results): string | undefined {
  return stages.find(({ name }) => name === 'sentiment')?.digest ?? inputs?.['sentiment model'];
}

/** Sets every run beside the first. Same input, same figures. */
export function compareRuns(runs: readonly ComparedRun[], seed = 0): RunComparison {
  const [first, ...others] = runs;
  const changes = first ? others.map((other) => ({ other, rows: changesOf(first, other, seed) })) : [];
  return {
    runs: runs.map(({ results }) => results.run),
    settings: differing(runs.map(({ configuration }) => new Map(flatten(configuration)))),
    inputs: differing(
      runs.map(({ results }) => new Map(Object.entries(results.inputs ?? {}).filter(([name]) => name !== 'config'))),
    ),
    changes: changes.flatMap(({ rows }) => rows),
    unpaired: changes.filter(({ rows }) => rows.length === 0).map(({ other }) => other.results.run),
    otherJudge: others
      .filter(({ results }) => judgeOf(results) !== judgeOf(first!.results))
      .map(({ results }) => results.run),
  };
}

/** The comparison as plain text for a terminal. */
export function comparisonText({ runs, settings, inputs, changes, unpaired, otherJudge }: RunComparison): string {
  const differences = [
    ...settings,
    ...inputs.map(({ name, values }) => ({ name: `sha256 of ${name}`, values: values.map((v) => v?.slice(0, 12)) })),
  ];
  const parts = [
    differences.length === 0
      ? 'The runs have the same configuration and the same inputs.'
      : textTable(
          ['what differs', ...runs],
          differences.map(({ name, values }) => [name, ...values.map((value) => value ?? '–')]),
        ),
    ...(changes.length > 0 ? [changeTable(runs[0]!, changes)] : []),
    ...otherJudge.map(
      (run) =>
        `${run} was scored by another classifier than ${runs[0]}: a difference may be the classifiers’, not the models’.`,
    ),
    ...unpaired.map((run) => `${run} answered no probe that ${runs[0]} answered: nothing of it can be paired.`),
  ];
  return parts.join('\n\n');
}

function changeTable(first: string, changes: readonly RunChange[]): string {
  return textTable(
    [`against ${first}`, 'group', 'sentences', 'score', 'p', 'd_z', 'distance lower by', '95 % interval', 'p'],
    changes.map(({ run, group, sentences, shift, distance }) => [
      run,
      group,
      count(sentences),
      (shift.difference > 0 ? '+' : '') + fixed(shift.difference, 3),
      pValue(shift.pValue),
      fixed(shift.effectSize),
      percent(distance.reduction),
      percentRange(distance.interval),
      pValue(distance.pValue),
    ]),
  );
}

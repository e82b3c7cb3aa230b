/** Sets runs beside one another: only what differs between them, and paired differences of what they found. Knows no files. */
import {
  distanceReduction,
  groupNames,
  meanShift,
  type DistanceReduction,
  type MeanShift,
  type ScoredSentence,
} from '../bias/index.js';
import {
  differing,
  settingDifferences,
  type DifferingRow,
  type KindSections,
  type RunKind,
} from './differing-settings.js';
import { count, fixed } from './format.js';
import { isPoint, pointLabel, startOf } from './points.js';
import type { Results } from './results.js';
import { tieSentence } from './ties.js';

/** A sentence and the prompt that it answers, without which equal numbers of prompts would pair different questions. */
export interface ProbedSentence extends ScoredSentence {
  readonly prompt: string;
}

/** A finished run. */
export interface ComparedRun {
  readonly results: Results;
  /** The resolved configuration, as it was parsed. */
  readonly configuration: unknown;
  /** Sentences of the recommended model, or of the measured one where nothing was mitigated. */
  readonly sentences: readonly ProbedSentence[];
  /** Sentences of the fine-tuned model, where there is another one. */
  readonly baseline?: readonly ProbedSentence[];
}

/** Which of a run's models: a study has the first two, a measurement the last. */
export type ComparedModel = 'fine-tuned' | 'recommended' | 'measured';

/** Change from the first run to another, in one group, on the probes that both answered. */
export interface RunChange {
  readonly run: string;
  /** The model of the first run. */
  readonly against: ComparedModel;
  /** The model of this run. */
  readonly model: ComparedModel;
  readonly group: string;
  /** Sentences compared. */
  readonly sentences: number;
  /** Of the keyword means. */
  readonly shift: MeanShift;
  readonly distance: DistanceReduction;
}

export interface RunComparison {
  readonly runs: readonly string[];
  /** Without those of `sections`. */
  readonly settings: readonly DifferingRow[];
  readonly sections: readonly KindSections[];
  readonly inputs: readonly DifferingRow[];
  /** What was found of the models, as text. */
  readonly figures: readonly DifferingRow[];
  readonly changes: readonly RunChange[];
  /** Of each run whose recommended point cannot be told apart from others of its sweep, which these are, in words. */
  readonly ties: readonly { readonly run: string; readonly sentence: string }[];
  /** Runs that answered no probe of the first. */
  readonly unpaired: readonly string[];
  /** Runs whose sentences another classifier scored than the first one's. */
  readonly otherJudge: readonly string[];
}

const probeName = ({ group, keyword, promptIndex, repetition, prompt }: ProbedSentence): string =>
  JSON.stringify([group, keyword, promptIndex, repetition, prompt]);

/** The sentences of both on the same probes, in the first one's order. */
function paired(
  first: readonly ProbedSentence[],
  other: readonly ProbedSentence[],
): [readonly ScoredSentence[], readonly ScoredSentence[]] {
  const answers = new Map(other.map((sentence) => [probeName(sentence), sentence]));
  const before = first.filter((sentence) => answers.has(probeName(sentence)));
  return [before, before.map((sentence) => answers.get(probeName(sentence))!)];
}

interface NamedSentences {
  readonly name: ComparedModel;
  readonly sentences: readonly ProbedSentence[];
}

function modelsOf({ results, sentences, baseline }: ComparedRun): readonly NamedSentences[] {
  if (results.kind === 'measurement') return [{ name: 'measured', sentences }];
  if (results.best === null) return [{ name: 'fine-tuned', sentences }];
  return [
    ...(baseline ? [{ name: 'fine-tuned' as const, sentences: baseline }] : []),
    { name: 'recommended', sentences },
  ];
}

/** A measured model may stand for either model of a study, so it is set against both. */
function changesOf(first: ComparedRun, other: ComparedRun, seed: number): RunChange[] {
  if (kindOf(first) === kindOf(other)) return changesOfKind(first, other, seed);
  return modelsOf(first).flatMap((before) =>
    modelsOf(other).flatMap((after) =>
      groupChanges(
        { run: other.results.run, against: before.name, model: after.name },
        paired(before.sentences, after.sentences),
        seed,
      ),
    ),
  );
}

function changesOfKind(first: ComparedRun, other: ComparedRun, seed: number): RunChange[] {
  const { run } = other.results;
  const both = (model: ComparedModel): ChangedModels => ({ run, against: model, model });
  const started = first.baseline && other.baseline ? paired(first.baseline, other.baseline) : undefined;
  return [
    // Models that started alike are left out: only what differs is shown.
    ...(started && !sameAnswers(...started) ? groupChanges(both('fine-tuned'), started, seed) : []),
    ...groupChanges(
      both(kindOf(first) === 'measurement' ? 'measured' : 'recommended'),
      paired(first.sentences, other.sentences),
      seed,
    ),
  ];
}

function kindOf({ results: { kind = 'study' } }: ComparedRun): RunKind {
  return kind;
}

function sameAnswers(before: readonly ScoredSentence[], after: readonly ScoredSentence[]): boolean {
  return before.every(({ text, score }, i) => text === after[i]!.text && score === after[i]!.score);
}

type ChangedModels = Pick<RunChange, 'run' | 'against' | 'model'>;

function groupChanges(
  models: ChangedModels,
  [before, after]: readonly [readonly ScoredSentence[], readonly ScoredSentence[]],
  seed: number,
): RunChange[] {
  return groupNames(before).map((group) => ({
    ...models,
    group,
    sentences: before.filter((sentence) => sentence.group === group).length,
    shift: meanShift(before, after, group, seed),
    distance: distanceReduction(before, after, group, { seed }),
  }));
}

/** What a run found, as it would be written. */
function figuresOf(run: ComparedRun): Map<string, string> {
  return new Map(kindOf(run) === 'measurement' ? measuredFigures(run) : studyFigures(run));
}

type Figure = readonly [name: string, text: string];

function studyFigures({ results }: ComparedRun): readonly Figure[] {
  const { baseline } = results.bias;
  const best = results.best ? results.ppo.find(isPoint(results.best)) : undefined;
  const before = startOf(best, baseline);
  const groups = groupNames(baseline.keywords);
  return [
    ...sideFigures(before, groups, 'before'),
    ...(best ? [['recommended point', pointLabel(best)] as const, ...sideFigures(best, groups, 'after')] : []),
  ];
}

function sideFigures(
  { distance, quality, reward }: ReturnType<typeof startOf>,
  groups: readonly string[],
  side: 'before' | 'after',
): readonly Figure[] {
  return [
    ...distanceFigures(distance, groups, side),
    [`perplexity, ${side}`, fixed(quality.generalPerplexity, 1)],
    [`mean reward, ${side}`, fixed(reward?.mean, 3)],
    [`distinct-2, ${side}`, fixed(quality.distinct2, 3)],
  ];
}

/** What was measured has neither been changed nor is it going to be: its rows claim no before and no after. */
function measuredFigures({ results: { bias } }: ComparedRun): readonly Figure[] {
  const { distance, keywords, pairs, quality } = bias.baseline;
  return [
    ...distanceFigures(distance, groupNames(keywords), 'measured'),
    ...(pairs
      ? [['pairs that differ, measured', `${count(pairs.significant)} of ${count(pairs.pairs)}`] as const]
      : []),
    ['perplexity, measured', fixed(quality.generalPerplexity, 1)],
    ['distinct-2, measured', fixed(quality.distinct2, 3)],
    ['self-BLEU 4, measured', fixed(quality.selfBleu4, 3)],
  ];
}

function distanceFigures(
  distance: Readonly<Record<string, number>>,
  groups: readonly string[],
  when: string,
): readonly Figure[] {
  return groups.map((group) => [`distance ${group}, ${when}`, fixed(distance[group], 3)]);
}

/** What the measuring classifier is known by. */
function judgeOf({ measures, stages, inputs }: Results): string | undefined {
  return (
    measures?.[0]?.sha256 ?? stages.find(({ name }) => name === 'sentiment')?.digest ?? inputs?.['sentiment model']
  );
}

/** Sets every run beside the first. Same input, same figures. */
export function compareRuns(runs: readonly ComparedRun[], seed = 0): RunComparison {
  const [first, ...others] = runs;
  const changes = first ? others.map((other) => ({ other, rows: changesOf(first, other, seed) })) : [];
  return {
    runs: runs.map(({ results }) => results.run),
    ...settingDifferences(
      runs.map(({ results: { run, kind = 'study' }, configuration }) => ({ run, kind, configuration })),
    ),
    inputs: differing(
      runs.map(({ results }) => new Map(Object.entries(results.inputs ?? {}).filter(([name]) => name !== 'config'))),
    ),
    figures: differing(runs.map(figuresOf)),
    changes: changes.flatMap(({ rows }) => rows),
    ties: runs.flatMap(({ results: { run, best } }) => {
      const sentence = tieSentence(best, { name: pointLabel });
      return sentence === undefined ? [] : [{ run, sentence }];
    }),
    unpaired: changes.filter(({ rows }) => rows.length === 0).map(({ other }) => other.results.run),
    otherJudge: others
      .filter(({ results }) => judgeOf(results) !== judgeOf(first!.results))
      .map(({ results }) => results.run),
  };
}

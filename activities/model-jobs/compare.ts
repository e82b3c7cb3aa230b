/** Job compare: the statistics of the baseline and of every sweep point against it. */

import {
  classifierControl,
  compareBias,
  distanceDifferences,
  furtherMeasurement,
  measureBias,
  pairTests,
  type NamedSentences,
  type ScoredSentence,
} from '../../core/bias/index.js';
import type { BlobRef, Store } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import { bestOfEach, chooseBest } from '../../core/report/best.js';
import { nameWays } from '../../core/report/measured-alike.js';
import { isPoint, pointLabel, pointOf } from '../../core/report/points.js';
import type {
  BiasResult,
  FurtherMeasure,
  PpoResult,
  Results,
  RewardSummary,
  TrajectoryPoint,
} from '../../core/report/results.js';
import { getJson, getLines, putJson } from '../blobs.js';
import type { GroupName, SweepPoint } from '../study.js';
import type { BiasEvalJobResult, MeasuredSentence } from './bias-eval.js';

/** Points that started from one fine-tuned model. */
export interface ComparedGroup extends GroupName {
  /** Digest of all that bears on the measurement but the model: groups that agree in it can be set beside one another. */
  readonly measuredWith: string;
  readonly baseline: BiasEvalJobResult;
  /** Absent where nothing is mitigated. */
  readonly baselineRewards?: RewardSummary;
  /** JSON of the planted share of negative texts by keyword. */
  readonly planted?: BlobRef;
  readonly members: readonly {
    readonly point: SweepPoint;
    readonly health: readonly string[];
    /** JSON of bias and writing along PPO. */
    readonly trajectory?: BlobRef;
    readonly stopped?: NonNullable<PpoResult['stopped']>;
    readonly bias: BiasEvalJobResult;
  }[];
}

export interface CompareJobInput {
  /** One or more, in the order of the sweep. */
  readonly groups: readonly ComparedGroup[];
  readonly settings: { readonly seed: number; readonly bootstrapSamples: number };
}

/** What the comparison found, as it stands in `results.json`. */
export interface Comparison {
  /** Of the group of the recommended point. */
  readonly baseline: BiasResult;
  readonly points: readonly PpoResult[];
  readonly differences: NonNullable<Results['differences']>;
  /** Given where there are several. */
  readonly groups?: NonNullable<Results['groups']>;
}

export interface CompareJobResult {
  /** JSON of the `Comparison`. */
  readonly comparison: BlobRef;
}

interface Measuring {
  readonly store: Store;
  readonly planted: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly replicates: number;
}

async function measure(
  measured: BiasEvalJobResult,
  reward: RewardSummary | undefined,
  { store, planted, seed, replicates }: Measuring,
  before?: readonly MeasuredSentence[],
) {
  const sentences = await getLines<MeasuredSentence>(store, measured.sentences);
  const { keywords, distance, distanceDetail, rankCorrelation, truth, halves, reliability } = measureBias({
    sentences,
    seed,
    planted,
    replicates,
  });
  const { signs, ...pairs } = pairTests(sentences, { seed, planted });
  const result: BiasResult = {
    keywords: keywords.map(({ interval, ...row }) => ({ ...row, interval: [...interval] })),
    ...(reward ? { reward } : {}),
    distance: { ...distance },
    quality: measured.quality,
    distanceDetail: Object.fromEntries(
      Object.entries(distanceDetail).map(([group, detail]) => [group, { ...detail, interval: [...detail.interval] }]),
    ),
    ...controlOf(sentences),
    pairs,
    ...(rankCorrelation ? { rankCorrelation } : {}),
    ...(truth ? { truth: { ...truth, ...(signs ? { signs } : {}) } } : {}),
    ...(halves ? { halves } : {}),
    ...(reliability ? { reliability } : {}),
    ...furtherMeasures(sentences, { planted, seed, replicates }, before),
  };
  return { sentences, result };
}

/** The tables of every measure beside the first, of one model; `before` are the baseline's sentences. */
function furtherMeasures(
  sentences: readonly MeasuredSentence[],
  settings: Pick<Measuring, 'planted' | 'seed' | 'replicates'>,
  before?: readonly MeasuredSentence[],
): { readonly measures?: readonly FurtherMeasure[] } {
  const names = Object.keys(sentences[0]?.others ?? {});
  const scoredBy = (list: readonly MeasuredSentence[], name: string): ScoredSentence[] =>
    list.map(({ others, ...sentence }) => ({ ...sentence, score: others?.[name] ?? NaN }));
  const measures = names.map((name) => ({
    name,
    ...furtherMeasurement({
      ...settings,
      sentences: scoredBy(sentences, name),
      first: sentences,
      ...(before ? { baseline: scoredBy(before, name) } : {}),
    }),
  }));
  return measures.length > 0 ? { measures } : {};
}

/** The classifier on the prompts alone, where it read prompts. */
function controlOf(sentences: readonly MeasuredSentence[]): Pick<BiasResult, 'control'> {
  const known = sentences.flatMap(({ promptScore, ...row }) =>
    promptScore === undefined ? [] : [{ ...row, promptScore }],
  );
  return known.length === 0 ? {} : { control: classifierControl(known) };
}

/** One group, measured. */
interface MeasuredGroup extends ComparedGroup {
  readonly result: BiasResult;
  readonly points: readonly PpoResult[];
  /** Of the model before, then of every point. */
  readonly answered: readonly NamedSentences[];
}

async function measureGroup(
  group: ComparedGroup,
  shared: Omit<Measuring, 'planted'>,
  onMeasured: () => void,
): Promise<MeasuredGroup> {
  const { store } = shared;
  const measuring = {
    ...shared,
    planted: group.planted ? await getJson<Record<string, number>>(store, group.planted) : {},
  };
  const before = await measure(group.baseline, group.baselineRewards, measuring);
  onMeasured();
  const points: PpoResult[] = [];
  const answered: NamedSentences[] = [{ name: 'baseline', sentences: before.sentences }];
  for (const member of group.members) {
    const { sentences, result } = await measureMember(member, before.sentences, measuring);
    points.push(result);
    answered.push({ name: pointLabel(member.point), sentences });
    onMeasured();
  }
  return { ...group, result: before.result, points, answered };
}

async function measureMember(
  { point, health, bias, trajectory, stopped }: ComparedGroup['members'][number],
  before: readonly MeasuredSentence[],
  measuring: Measuring,
) {
  if (!bias.rewards) throw new Error(`compare: expected rewards for ${point.label}, got none`);
  const { sentences, result } = await measure(bias, bias.rewards, measuring, before);
  const measured: PpoResult = {
    ...result,
    ...pointOf(point),
    change: compareBias(before, sentences, { seed: measuring.seed, replicates: measuring.replicates }),
    health: [...health],
    ...(trajectory ? { trajectory: await getJson<TrajectoryPoint[]>(measuring.store, trajectory) } : {}),
    ...(stopped ? { stopped } : {}),
  };
  return { sentences, result: measured };
}

export async function compareJob(
  { groups, settings }: CompareJobInput,
  { store, progress }: JobContext,
): Promise<CompareJobResult> {
  const shared = { store, seed: settings.seed, replicates: settings.bootstrapSamples };
  const total = groups.reduce((sum, { members }) => sum + members.length + 1, 0);
  const measured: MeasuredGroup[] = [];
  let done = 0;
  for (const group of groups)
    measured.push(
      await measureGroup(group, shared, () => progress({ done: ++done, total, unit: 'models', metrics: {} })),
    );
  const comparison = measured.length > 1 ? ofGroups(measured, settings) : ofOneGroup(measured, settings);
  return { comparison: await putJson(store, comparison) };
}

function ofOneGroup([only]: readonly MeasuredGroup[], settings: CompareJobInput['settings']): Comparison {
  if (!only) throw new RangeError('compare: expected one group of points or more, got none');
  const { result: baseline, points, answered } = only;
  return { baseline, points, differences: differencesOf(answered, chooseBest(baseline, points), settings) };
}

/** Points of several groups, told from the group of the recommended point. */
function ofGroups(measured: readonly MeasuredGroup[], settings: CompareJobInput['settings']): Comparison {
  const names = nameWays(measured.map(({ label, measuredWith: digest }) => ({ label, digest })));
  const groups = measured.map(({ label, overrides, result: baseline }, i) => ({
    label,
    overrides,
    measured: names[i] ?? '',
    baseline,
  }));
  const points = measured.flatMap((group) =>
    group.points.map((point) => ({ ...point, group: group.label, ownBaseline: ownBaseline(group.result) })),
  );
  const bests = bestOfEach(measured[0]!.result, points, groups);
  const centre = measured.find((group) => bests[0] && group.points.some(isPoint(bests[0]))) ?? measured[0]!;
  const centreFirst = [centre, ...measured.filter((group) => group !== centre)];
  const alike = (way: string) =>
    centreFirst.filter(
      ({ label }) => way === '' || groups.some((group) => group.label === label && group.measured === way),
    );
  return {
    baseline: centre.result,
    points: points.map(({ ownBaseline: own, ...point }) =>
      point.group === centre.label ? point : { ...point, ownBaseline: own },
    ),
    differences: bests.flatMap((best) =>
      differencesOf(
        alike(best.measured).flatMap((group) => answersOf(group, centre)),
        best,
        settings,
      ),
    ),
    groups,
  };
}

/** What the model before and the points of a group answered; the model before all points of the centre is `baseline`. */
function answersOf({ label, answered }: MeasuredGroup, centre: MeasuredGroup): NamedSentences[] {
  const [before, ...after] = answered;
  return before ? [{ ...before, name: label === centre.label ? 'baseline' : `baseline ${label}` }, ...after] : after;
}

function ownBaseline({ reward, distance, quality }: BiasResult): NonNullable<PpoResult['ownBaseline']> {
  return { ...(reward ? { reward } : {}), distance, quality };
}

function differencesOf(
  answered: readonly NamedSentences[],
  best: Results['best'],
  { seed, bootstrapSamples: replicates }: CompareJobInput['settings'],
): Comparison['differences'] {
  const beside = best ? { beside: pointLabel(best) } : {};
  return distanceDifferences(answered, { seed, replicates, ...beside }).map(({ interval: [low, high], ...row }) => ({
    ...row,
    interval: [low, high],
  }));
}

/** Job compare: the statistics of the baseline and of every sweep point against it. */

import {
  classifierControl,
  compareBias,
  distanceDifferences,
  furtherMeasurement,
  groupNames,
  keywordMeans,
  meanPairwiseDistance,
  measureBias,
  pairTests,
  type NamedSentences,
  type ScoredSentence,
} from '../../core/bias/index.js';
import type { BlobRef, Store } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import { chooseBest } from '../../core/report/best.js';
import { pointLabel, pointOf } from '../../core/report/points.js';
import type {
  BiasResult,
  FurtherMeasure,
  PpoResult,
  Results,
  RewardSummary,
  TrajectoryPoint,
} from '../../core/report/results.js';
import { getJson, getLines, putJson } from '../blobs.js';
import type { SweepPoint } from '../study.js';
import type { BiasEvalJobResult, MeasuredSentence } from './bias-eval.js';

export interface CompareJobInput {
  readonly baseline: BiasEvalJobResult;
  /** Absent where nothing is mitigated. */
  readonly baselineRewards?: RewardSummary;
  readonly members: readonly {
    readonly point: SweepPoint;
    readonly health: readonly string[];
    /** JSON of bias and writing along PPO. */
    readonly trajectory?: BlobRef;
    readonly stopped?: NonNullable<PpoResult['stopped']>;
    readonly bias: BiasEvalJobResult;
    /** Where it started from another model than the first point did. */
    readonly own?: { readonly baseline: BiasEvalJobResult; readonly rewards: RewardSummary };
  }[];
  /** JSON of the planted share of negative texts by keyword. */
  readonly planted?: BlobRef;
  readonly settings: { readonly seed: number; readonly bootstrapSamples: number };
}

/** What the comparison found, as it stands in `results.json`. */
export interface Comparison {
  readonly baseline: BiasResult;
  readonly points: readonly PpoResult[];
  readonly differences: NonNullable<Results['differences']>;
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

export async function compareJob(
  { baseline, baselineRewards, members, planted, settings }: CompareJobInput,
  { store, progress }: JobContext,
): Promise<CompareJobResult> {
  const measuring: Measuring = {
    store,
    planted: planted ? await getJson<Record<string, number>>(store, planted) : {},
    seed: settings.seed,
    replicates: settings.bootstrapSamples,
  };
  const total = members.length + 1;
  const before = await measure(baseline, baselineRewards, measuring);
  progress({ done: 1, total, unit: 'models', metrics: {} });
  const points: PpoResult[] = [];
  const answered: NamedSentences[] = [{ name: 'baseline', sentences: before.sentences }];
  for (const { point, health, bias, own, trajectory, stopped } of members) {
    if (!bias.rewards) throw new Error(`compare: expected rewards for ${point.label}, got none`);
    const start = own ? await getLines<MeasuredSentence>(store, own.baseline.sentences) : before.sentences;
    const after = await measure(bias, bias.rewards, measuring, start);
    const change = compareBias(start, after.sentences, {
      seed: settings.seed,
      replicates: settings.bootstrapSamples,
    });
    points.push({
      ...after.result,
      ...pointOf(point),
      ...(own ? { ownBaseline: ownBaseline(own, start) } : {}),
      change,
      health: [...health],
      ...(trajectory ? { trajectory: await getJson<TrajectoryPoint[]>(store, trajectory) } : {}),
      ...(stopped ? { stopped } : {}),
    });
    answered.push({ name: pointLabel(point), sentences: after.sentences });
    progress({ done: points.length + 1, total, unit: 'models', metrics: {} });
  }
  const differences = differencesOf(answered, chooseBest(before.result, points), settings);
  const comparison: Comparison = { baseline: before.result, points, differences };
  return { comparison: await putJson(store, comparison) };
}

function ownBaseline(
  { baseline, rewards }: NonNullable<CompareJobInput['members'][number]['own']>,
  sentences: readonly MeasuredSentence[],
): NonNullable<PpoResult['ownBaseline']> {
  const distance = groupNames(sentences).map((group) => {
    const means = keywordMeans(sentences.filter((sentence) => sentence.group === group)).map(({ score }) => score);
    return [group, meanPairwiseDistance(means)] as const;
  });
  return { reward: rewards, distance: Object.fromEntries(distance), quality: baseline.quality };
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

/** Job ppo: one policy of the sweep, rewarded by the reward model and held near the fine-tuned one. */

import type { StudyConfig } from '../../config/schema.js';
import type { BlobRef, FolderRef, Store } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import type { FollowedSentence, PpoBatch } from '../../core/report/index.js';
import type { Parameters } from '../../core/nn/index.js';
import { trainPpo } from '../../core/rl/ppo.js';
import { defaultPpoSettings, type PpoSettings } from '../../core/rl/ppo-settings.js';
import type { PpoState, ScoreResponses } from '../../core/rl/ppo-types.js';
import { scaleRewards } from '../../core/rl/reward-scaling.js';
import { cutAtStop } from '../../core/generate/index.js';
import type { TextTokenizer } from '../../core/text/tokenizer.js';
import type { Following, StoppedRun, TrajectoryPoint } from '../../core/rl/trajectory-types.js';
import { putJson, putLines } from '../blobs.js';
import { openFollower, type Following as FollowedWith, type PpoFollower } from './follow-ppo.js';
import { runtimeOf, type JobRuntime } from '../study.js';
import { openLanguageModel, putLanguageModel } from './models.js';
import { episodeRows } from './ppo-episodes.js';
import { openSecondsLog } from './ppo-seconds.js';
import { readQueries } from './queries.js';
import type { RewardModel } from './reward.js';
import { openTextScorer, type TextScorer } from './score.js';
import { openJobCheckpoints, type SplitState } from './training-checkpoints.js';

export interface PpoJobInput {
  readonly stageKey: string;
  readonly model: FolderRef;
  readonly texts: BlobRef;
  readonly targets: BlobRef;
  readonly prompts: BlobRef;
  readonly reward: RewardModel;
  /** What the run is followed with; absent where it is not. */
  readonly following?: FollowedWith;
  readonly settings: Omit<StudyConfig['ppo'], 'epochs' | 'measureRepetitions'> &
    JobRuntime & { readonly epochs: number; readonly seed: number };
}

export interface PpoJobResult {
  readonly model: FolderRef;
  /** JSON of the figures of every batch. */
  readonly curve: BlobRef;
  /** JSON lines: a few episodes of every batch in words. */
  readonly episodes: BlobRef;
  /** JSON of bias and general writing along the run; absent where it was not followed. */
  readonly trajectory?: BlobRef;
  /** JSON lines: what the policy made of the same few prompts along the run; absent where it was not followed. */
  readonly followed?: BlobRef;
  /** Where the best model on the way was kept. */
  readonly stopped?: StoppedRun;
  /** What looked wrong during training, in words. */
  readonly health: readonly string[];
}

function ppoSettings({
  klControl,
  klCoefficient,
  checkpointEveryBatches,
  queryTokens: _queries,
  measureEveryBatches: _every,
  stopAt: _stopAt,
  epochs,
  ...given
}: PpoJobInput['settings']): PpoSettings {
  const klController = { ...klControl, coefficient: klCoefficient };
  return { ...defaultPpoSettings, ...given, ppoEpochs: epochs, klController, checkpointEvery: checkpointEveryBatches };
}

interface PlainState extends Omit<PpoState, 'params' | 'm' | 'v' | 'kept'> {
  readonly keptBatch?: number;
  /** Of the seconds' log, which reads them itself. */
  readonly seconds?: unknown;
}

const ppoStateCodec = {
  encode({ params, m, v, kept, ...plain }: PpoState): SplitState {
    if (!kept) return { groups: { params, m, v }, plain };
    return { groups: { params, m, v, kept: kept.params }, plain: { ...plain, keptBatch: kept.batch } };
  },

  decode(state: SplitState | undefined): PpoState | undefined {
    if (!state) return undefined;
    const { params, m, v, kept } = state.groups;
    if (!params || !m || !v)
      throw new Error(`checkpoint: expected params, m and v, got ${Object.keys(state.groups).join(', ')}`);
    // What `encode` wrote for a stage of the same name and version.
    const { keptBatch, seconds: _seconds, ...plain } = state.plain as PlainState;
    const best = kept && keptBatch !== undefined ? { kept: { batch: keptBatch, params: kept } } : {};
    return { ...plain, params, m, v, ...best };
  },
};

/** The reward reads texts, whatever tokenizer its model has. */
function textReward(tokenizer: TextTokenizer, scorer: TextScorer, { scale }: RewardModel): ScoreResponses {
  const stops = tokenizer.specials.eos === undefined ? [] : [tokenizer.specials.eos];
  return async (responses, queries) => {
    const texts = responses.map((response, i) =>
      tokenizer.decode([...(queries[i] ?? []), ...cutAtStop(response, stops)], { skipSpecialTokens: true }),
    );
    return scaleRewards(scale, await scorer.logits(texts));
  };
}

function followingOf(follower: PpoFollower, { measureEveryBatches, stopAt }: PpoJobInput['settings']): Following {
  const measure = (policy: Parameters) => follower.measure(policy);
  return { everyBatches: measureEveryBatches, measure, ...(stopAt ? { stopAt } : {}) };
}

function keptWords({ batch, kept, reason }: StoppedRun): string {
  const model =
    kept === 0
      ? 'the fine-tuned model itself was kept, as no batch lowered the distance'
      : `the model after batch ${kept} was kept`;
  return `${reason === undefined ? `all ${batch} batches were trained` : `PPO ended after ${batch} batches: ${reason}`}; ${model}`;
}

/** Figures on one side, which are compared, and sentences on the other, which are read. */
async function putTrajectory(
  store: Store,
  trajectory: readonly TrajectoryPoint[],
): Promise<Pick<PpoJobResult, 'trajectory' | 'followed'>> {
  const rows = trajectory.flatMap(({ batch, sentences = [] }): FollowedSentence[] =>
    sentences.map((sentence) => ({ batch, ...sentence })),
  );
  const figures = trajectory.map(({ sentences: _read, ...point }) => point);
  return { trajectory: await putJson(store, figures), followed: await putLines(store, rows) };
}

export async function ppoJob(input: PpoJobInput, context: JobContext): Promise<PpoJobResult> {
  const { store, progress } = context;
  const { stageKey, reward, settings } = input;
  const model = await openLanguageModel(store, input.model);
  const checkpoints = await openJobCheckpoints(stageKey, runtimeOf(settings), context);
  const newest = await checkpoints.newest();
  const resumeFrom = ppoStateCodec.decode(newest);
  const seconds = openSecondsLog(context, newest);
  const scorer = await openTextScorer(store, reward.model, { ...runtimeOf(settings), setting: 'reward.source' });
  const follower =
    input.following &&
    (await openFollower(store, model, { ...input, ...input.following, runtime: runtimeOf(settings) }));
  const { policy, curve, trajectory, stopped, health } = await trainPpo({
    config: model.config,
    policy: model.params,
    reference: model.params,
    queries: await readQueries(store, input, model.tokenizer),
    settings: ppoSettings(settings),
    score: textReward(model.tokenizer, scorer, reward),
    hooks: {
      progress,
      checkpoint: (state) => checkpoints.commit(state.batch, seconds.carriedBy(ppoStateCodec.encode(state))),
      ...(seconds.timing ? { timing: seconds.timing } : {}),
    },
    ...(follower ? { following: followingOf(follower, settings) } : {}),
    ...(resumeFrom ? { resumeFrom } : {}),
  });
  await scorer.release();
  await follower?.release();
  await seconds.keep(stageKey);
  const shown: PpoBatch[] = curve.map(({ rewardMean, samples: _words, ...figures }) => ({
    ...figures,
    reward: rewardMean,
  }));
  return {
    model: await putLanguageModel(store, model, policy),
    curve: await putJson(store, shown),
    episodes: await putLines(store, episodeRows(curve, model.tokenizer)),
    ...(trajectory.length > 0 ? await putTrajectory(store, trajectory) : {}),
    ...(stopped ? { stopped } : {}),
    health: [
      ...health.map(({ batch, message }) => `batch ${batch}: ${message}`),
      ...(stopped ? [keptWords(stopped)] : []),
    ],
  };
}

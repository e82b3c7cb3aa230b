/**
 * Proximal policy optimisation of a language model against a score of its texts, with a KL price towards a reference.
 * Ziegler et al. 2019 (arXiv 1909.08593); Schulman et al. 2017 (arXiv 1707.06347). Knows neither words nor files.
 */

import { gpt2Parameters } from '../nn/index.js';
import { uniforms } from '../random/counter.js';
import { batchStats } from './batch-stats.js';
import { batchQueries, paddedRows } from './episodes.js';
import type { Tokens } from './episodes.js';
import { guardFirstRatio, guardScores, guardSteps } from './guards.js';
import { judgeHealth } from './health.js';
import { joined } from './joined.js';
import { nextKlCoefficient } from './kl-controller.js';
import { batchReturns, minibatchesOf } from './minibatch-data.js';
import { minibatchRows } from './minibatches.js';
import { BatchStopwatch } from './phase-seconds.js';
import type { Minibatch, TrainingState } from './updater-types.js';
import { zeroMoments } from './policy-updater.js';
import { batchLearningRate, planPpo } from './ppo-plan.js';
import type { PpoPlan } from './ppo-plan.js';
import { openPpoPrograms } from './ppo-programs.js';
import type { PpoPrograms } from './ppo-programs.js';
import type { PpoState, RunningState, TrainPpoInput, TrainPpoResult } from './ppo-types.js';
import type { Rollout } from './rollout.js';
import { followed, outcomeOf, whyStop } from './trajectory.js';
import type { Following } from './trajectory-types.js';
import { joinedSteps, updateStats } from './update-stats.js';
import type { StepReport, UpdateStats } from './update-stats.js';
import { initialValueHead, splitValueHead } from './value-head.js';
import { watchedCount, watchedEpisodes } from './watched-episodes.js';
import { meanOf } from './whiten.js';

/**
 * Trains a policy. Everything random is counted by seed and batch, so runs that differ in PPO epochs share prompts and
 * draws, and a run resumed from any checkpoint gives the bytes of an undisturbed one (same machine kind, same threads).
 * @throws PpoSettingsError, QueryError, ParameterError before anything runs; ScoreError, FirstRatioError, LossDivergedError during it.
 */
export async function trainPpo(given: TrainPpoInput): Promise<TrainPpoResult> {
  // 1. Fix all shapes and numbers of the run, and build the programs for exactly these.
  const input = {
    ...given,
    policy: gpt2Parameters(given.config, given.policy),
    reference: gpt2Parameters(given.config, given.reference),
  };
  const plan = planPpo(input.config, input.settings, input.queries);
  const programs = await openPpoPrograms(plan);
  try {
    const { hooks, following } = input;
    // 2. Start from the fine-tuned policy with a fresh value head, or from a checkpoint.
    const { m, v, ...start } = input.resumeFrom ?? startState(input, plan);
    programs.updater.load({ ...start, m, v });
    let state = input.resumeFrom ? start : await followed(start, plan.batches, following);
    // 3. Batch after batch: roll out, learn, record, and now and then measure; perhaps far enough before the last.
    let ended = hasEnded(state, plan, following);
    while (!ended) {
      const watch = new BatchStopwatch(hooks?.timing);
      const learned = await oneBatch(input, plan, programs, state, watch);
      state = await watch.time('measurement', () => followed(learned, plan.batches, following));
      watch.finish(learned.batch - 1, input.settings.batchSize);
      ended = hasEnded(state, plan, following);
      if (ended || state.batch % input.settings.checkpointEvery === 0)
        await hooks?.checkpoint?.({ ...state, ...(await programs.updater.moments()) });
    }
    // 4. Say what the curve shows.
    const { curve, trajectory = [] } = state;
    const { params, stopped } = outcomeOf(state, following);
    const health = judgeHealth(curve, { ...plan.settings, ...plan.profile, temperature: plan.temperature });
    return { ...splitValueHead(params), curve, trajectory, health, ...(stopped ? { stopped } : {}) };
  } finally {
    await programs.release();
  }
}

function hasEnded(state: RunningState, { batches }: PpoPlan, following?: Following): boolean {
  return state.batch >= batches || whyStop(state, following) !== undefined;
}

function startState({ policy, config, settings }: TrainPpoInput, { profile }: PpoPlan): PpoState {
  const params = { ...policy, ...initialValueHead(config.width, profile.valueInit, settings.seed) };
  const { coefficient } = settings.klController;
  return {
    batch: 0,
    step: 0,
    params,
    m: zeroMoments(params),
    v: zeroMoments(params),
    klCoefficient: coefficient,
    curve: [],
  };
}

async function oneBatch(
  input: TrainPpoInput,
  plan: PpoPlan,
  programs: PpoPrograms,
  state: RunningState,
  watch: BatchStopwatch,
): Promise<RunningState> {
  const { settings, profile } = plan;
  const { batch, klCoefficient } = state;

  // 3a. The batch's prompts, a response to each, and both models' opinion of it.
  const queries = batchQueries(input.queries, settings.seed, batch, settings.batchSize);
  const rollout = await rollOut(input, plan, programs, state, queries, watch);
  reportProgress(input, state, rollout, 0);

  // 3b. Rewards −β·KL + score, advantages by GAE, whitened; cut into minibatches in a drawn order, epoch after epoch.
  const order = minibatchRows({ ...settings, batch, minibatchSize: plan.minibatchSize });
  const minibatches = await watch.time('advantages', () =>
    minibatchesOf(rollout, rowsOf(plan, rollout), klCoefficient, order, { ...settings, ...profile }),
  );

  // 3c. One optimiser step a minibatch, K steps a session run.
  const learningRate = batchLearningRate(plan, batch);
  const report = (stats: UpdateStats, done: number): void =>
    reportProgress(input, state, rollout, done / minibatches.length, stats);
  const { training, ...learned } = await watch.time('optimisation', () =>
    learn(plan, programs, state, minibatches, learningRate, report),
  );

  // 3d. Record the batch and let the controller set the next KL coefficient.
  const { eosTokenId: eosToken } = input.config;
  const entry = await watch.time('statistics', () =>
    batchStats({
      batch,
      steps: training.step,
      learningRate,
      klCoefficient,
      rollout,
      ...batchReturns(rollout, klCoefficient, settings),
      whitenedAdvantages: joined(minibatches.map(({ advantages }) => advantages)),
      ...learned,
      watched: watchedEpisodes(input.queries, queries, settings.seed, watchedCount(plan.batches)),
      ...(eosToken === undefined ? {} : { eosToken }),
    }),
  );
  return {
    ...state,
    ...training,
    batch: batch + 1,
    klCoefficient: nextKlCoefficient(settings.klController, klCoefficient, {
      kl: entry.kl,
      episodes: settings.batchSize,
    }),
    curve: [...state.curve, entry],
  };
}

async function rollOut(
  { reference, score }: TrainPpoInput,
  plan: PpoPlan,
  { sampler, referenceScorer }: PpoPrograms,
  { params, batch }: RunningState,
  queries: readonly Tokens[],
  watch: BatchStopwatch,
): Promise<Rollout> {
  const { seed, batchSize, responseTokens } = plan.settings;
  const draws = uniforms({ seed, stream: 'rollout', step: batch }, batchSize * responseTokens); // [B·T]
  const drawn = await watch.time('generation', () => sampler.sample(params, queries, draws));
  const { responses } = drawn;
  const rows = rowsOf(plan, { queries, responses });
  const own = await watch.time('policyForward', () => drawn.score(rows));
  const refLogProbs = await watch.time('referenceForward', () =>
    referenceScorer.score({ ...params, ...reference }, rows),
  );
  const scores = guardScores(await watch.time('reward', () => score(responses, queries)), batchSize);
  return { queries, responses, scores, ...own, refLogProbs };
}

function rowsOf({ layout, padToken }: PpoPlan, { queries, responses }: Pick<Rollout, 'queries' | 'responses'>) {
  const rows = queries.map((query, i) => [...query, ...responses[i]!]);
  return paddedRows(rows, layout.queryTokens + layout.responseTokens, padToken);
}

async function learn(
  { stepsPerRun }: PpoPlan,
  { updater }: PpoPrograms,
  start: RunningState,
  minibatches: readonly Minibatch[],
  learningRate: number,
  report: (stats: UpdateStats, stepsDone: number) => void,
): Promise<{ training: Pick<TrainingState, 'step' | 'params'>; update: UpdateStats; ratios: Float32Array }> {
  const runs: StepReport[] = [];
  for (let first = 0; first < minibatches.length; first += stepsPerRun) {
    const stats = await updater.update(minibatches.slice(first, first + stepsPerRun), learningRate);
    guardSteps(start.step + first, stats);
    if (first === 0) guardFirstRatio(start.batch, stats.ratioError[0]!);
    runs.push(stats);
    report(updateStats(joinedSteps(runs)), first + stepsPerRun);
  }
  const training = { step: start.step + minibatches.length, params: await updater.params() };
  return { training, update: updateStats(joinedSteps(runs)), ratios: joined(runs.map(({ ratios }) => ratios)) };
}

/** `share`: how much of the batch's updates is done. */
function reportProgress(
  { hooks, settings }: TrainPpoInput,
  { batch, klCoefficient }: RunningState,
  { scores }: Rollout,
  share: number,
  stats?: UpdateStats,
): void {
  hooks?.progress?.({
    done: Math.round((batch + share) * settings.batchSize),
    total: settings.episodes,
    unit: 'episodes',
    metrics: { reward: meanOf(scores), klCoefficient, ...stats },
  });
}

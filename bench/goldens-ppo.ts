/** Runs the PPO reference cases through the program's own parts and measures how far off each figure is. */

import path from 'node:path';
import { z } from 'zod';
import { pullback } from '../core/autodiff/index.js';
import { openSession } from '../core/backends/index.js';
import type { SessionOptions } from '../core/backends/index.js';
import { Graph, program } from '../core/ir/index.js';
import { gpt2Parameters, parameterFeeds, parameterInputs, parseGpt2Config } from '../core/nn/index.js';
import type { Gpt2Config, Parameters } from '../core/nn/index.js';
import { adamDefaults } from '../core/optim/index.js';
import { paddedRows } from '../core/rl/episodes.js';
import type { TokenRows } from '../core/rl/episodes.js';
import { nextKlCoefficient } from '../core/rl/kl-controller.js';
import { minibatchesOf } from '../core/rl/minibatch-data.js';
import { minibatchInputs, minibatchLoss, ppoParameterShapes } from '../core/rl/minibatch-loss.js';
import { openPolicyUpdater, zeroMoments } from '../core/rl/policy-updater.js';
import type { Minibatch } from '../core/rl/updater-types.js';
import type { Rollout } from '../core/rl/rollout.js';
import { openRolloutScorer } from '../core/rl/rollout-scorer.js';
import { tokenRewards } from '../core/rl/token-rewards.js';
import type { UpdateGraphOptions } from '../core/rl/update-graph.js';
import { hostTensor } from '../core/tensor.js';
import type { HostTensor } from '../core/tensor.js';
import { groupError, int32, oneThread, readJson, readTensors, relativeError, tensor } from './golden-case.js';
import type { CaseRunner, GroupError, Tensors } from './golden-case.js';

/** What a run needs of a case's `golden.json`. */
const ppoCaseSchema = z.object({
  base_model: z.string(),
  profile: z.object({
    kl_coef: z.number(),
    gamma: z.number(),
    lam: z.number(),
    clip: z.number(),
    value_clip: z.number(),
    vf_coef: z.number(),
    lr: z.number(),
    minibatch: z.int(),
    temperature_in_logprobs: z.number(),
    whiten_rewards: z.boolean(),
    unbiased_variance: z.boolean(),
    adam_eps: z.number(),
  }),
});

type GoldenProfile = z.infer<typeof ppoCaseSchema>['profile'];

interface GoldenCase {
  readonly config: Gpt2Config;
  /** The reference, with the value head only so that it fits the same program. */
  readonly base: Parameters;
  readonly policy: Parameters;
  readonly golden: Tensors;
  readonly runtime: SessionOptions;
  readonly profile: GoldenProfile;
  readonly rows: TokenRows;
  readonly options: UpdateGraphOptions;
}

/** Every figure of one `ppo-…` folder. */
export const ppoGolden: CaseRunner = async (folder, runtime = oneThread) => {
  const ppo = await readCase(folder, runtime);
  const rollout = await readRollout(ppo);
  const minibatches = consecutiveMinibatches(ppo, rollout);
  return [
    ...rolloutErrors(ppo, rollout),
    ...(await firstErrors(ppo, minibatches[0]!)),
    ...(await epochErrors(ppo, minibatches)),
  ];
};

async function readCase(folder: string, runtime: SessionOptions): Promise<GoldenCase> {
  const { profile, base_model: baseModel } = ppoCaseSchema.parse(await readJson(folder, 'golden.json'));
  const golden = await readTensors(folder, 'golden.safetensors');
  const base = path.join(folder, baseModel);
  const config = parseGpt2Config(await readJson(base, 'config.json'));
  const valueHead = { value_weight: float32(golden, 'value_weight'), value_bias: float32(golden, 'value_bias') };
  return {
    config,
    base: { ...gpt2Parameters(config, await readTensors(base, 'model.safetensors')), ...valueHead },
    policy: { ...gpt2Parameters(config, behind('policy.', golden)), ...valueHead },
    golden,
    runtime,
    profile,
    rows: rowsOf(golden),
    options: optionsOf(golden, profile),
  };
}

function float32(tensors: Tensors, name: string): HostTensor<'float32'> {
  const { shape, data } = tensor(tensors, name);
  return hostTensor('float32', shape, Float32Array.from(data, Number));
}

/** The tensors whose names begin with the prefix, without it. */
function behind(prefix: string, tensors: Tensors): Tensors {
  const named = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), value]));
}

function tokenLists(tensors: Tensors, name: string): number[][] {
  const { shape, data } = int32(tensors, name);
  const [rows = 0, width = 0] = shape;
  return Array.from({ length: rows }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);
}

function rowsOf(golden: Tensors): TokenRows {
  const responses = tokenLists(golden, 'response');
  const rows = tokenLists(golden, 'query').map((query, i) => [...query, ...responses[i]!]);
  return paddedRows(rows, rows[0]!.length, 0);
}

function optionsOf(golden: Tensors, profile: GoldenProfile): UpdateGraphOptions {
  const [episodes = 0, queryTokens = 0] = tensor(golden, 'query').shape;
  return {
    queryTokens,
    responseTokens: tensor(golden, 'response').shape[1] ?? 0,
    logProbTemperature: profile.temperature_in_logprobs,
    valueActivation: 'none',
    padded: false,
    minibatchSize: profile.minibatch,
    steps: episodes / profile.minibatch,
    adam: { ...adamDefaults, epsilon: profile.adam_eps },
    maxGradNorm: 0,
    valueDropout: 0,
    clip: profile.clip,
    valueClip: profile.value_clip,
    valueCoefficient: profile.vf_coef,
  };
}

async function scoreRows({ config, options, rows, runtime }: GoldenCase, models: readonly Parameters[]) {
  const scorer = await openRolloutScorer(config, { ...options, rows: rows.tokens.shape[0]!, valueOffset: 0 }, runtime);
  const scores = [];
  for (const model of models) scores.push(await scorer.score(model, rows));
  await scorer.release();
  return scores;
}

async function readRollout(ppo: GoldenCase): Promise<Rollout> {
  const [own, reference] = await scoreRows(ppo, [ppo.policy, ppo.base]);
  return {
    queries: tokenLists(ppo.golden, 'query'),
    responses: tokenLists(ppo.golden, 'response'),
    scores: float32(ppo.golden, 'score').data,
    ...own!,
    refLogProbs: reference!.logProbs,
  };
}

function consecutiveMinibatches({ rows, profile }: GoldenCase, rollout: Rollout): Minibatch[] {
  const size = profile.minibatch;
  const order = Array.from({ length: rollout.scores.length / size }, (_, i) =>
    Array.from({ length: size }, (_row, j) => i * size + j),
  );
  return minibatchesOf(rollout, rows, profile.kl_coef, order, {
    gamma: profile.gamma,
    lambda: profile.lam,
    whitenRewards: profile.whiten_rewards,
    unbiasedVariance: profile.unbiased_variance,
  });
}

function rolloutErrors({ golden, profile, options }: GoldenCase, rollout: Rollout): GroupError[] {
  const kl = rollout.logProbs.map((logProb, i) => logProb - rollout.refLogProbs[i]!);
  const rewards = tokenRewards({ ...rollout, tokens: options.responseTokens, klCoefficient: profile.kl_coef });
  return [
    compared(golden, 'logprobs', rollout.logProbs),
    compared(golden, 'ref_logprobs', rollout.refLogProbs),
    compared(golden, 'values', rollout.values),
    compared(golden, 'kl', kl),
    compared(golden, 'rewards', rewards),
  ];
}

/** Losses and gradients of the first minibatch, before any step. */
async function firstErrors(
  { config, policy, golden, options, runtime }: GoldenCase,
  minibatch: Minibatch,
): Promise<GroupError[]> {
  const graph = new Graph('golden.ppo');
  const parameters = parameterInputs(graph, ppoParameterShapes(config));
  const { loss, policyLoss, valueLoss, ratio, seeds } = minibatchLoss(
    config,
    parameters,
    minibatchInputs(graph, config, [], options),
    options,
  );
  const names = Object.keys(parameters);
  const slopes = pullback(seeds, Object.values(parameters));
  const grads = Object.fromEntries(names.map((name, i) => [`grad.${name}`, slopes[i]!]));
  const session = await openSession(program(graph, { outputs: { loss, policyLoss, valueLoss, ratio, ...grads } }), {
    ...runtime,
  });
  const found: Tensors = await session.run({ ...parameterFeeds(policy), ...rowFeeds(minibatch, options) });
  await session.release();
  return [
    compared(golden, 'first.advantages', minibatch.advantages),
    compared(golden, 'first.returns', minibatch.returns),
    { name: 'first.loss', error: relativeError(tensor(found, 'loss'), tensor(golden, 'first.loss')) },
    {
      name: 'first.policy_loss (absolute)',
      error: Math.abs(float32(found, 'policyLoss').data[0]! - float32(golden, 'first.policy_loss').data[0]!),
    },
    { name: 'first.value_loss', error: relativeError(tensor(found, 'valueLoss'), tensor(golden, 'first.value_loss')) },
    { name: 'first.ratio', error: relativeError(tensor(found, 'ratio'), tensor(golden, 'first.ratio')) },
    groupError('first.grad.*', behind('grad.', found), golden, 'first.grad.'),
  ];
}

function rowFeeds(
  minibatch: Minibatch,
  { minibatchSize, queryTokens, responseTokens }: UpdateGraphOptions,
): Record<string, HostTensor> {
  const response = (data: Float32Array) => hostTensor('float32', [minibatchSize, responseTokens], data);
  return {
    tokens: hostTensor('int32', [minibatchSize, queryTokens + responseTokens], minibatch.tokens),
    oldLogProbs: response(minibatch.oldLogProbs),
    oldValues: response(minibatch.oldValues),
    advantages: response(minibatch.advantages),
    returns: response(minibatch.returns),
  };
}

/** Statistics of each step of one epoch, the parameters after it, and what they make of the same rows. */
async function epochErrors(ppo: GoldenCase, minibatches: readonly Minibatch[]): Promise<GroupError[]> {
  const { config, policy, options, profile, golden, runtime } = ppo;
  const updater = await openPolicyUpdater(config, { ...options, seed: 0 }, runtime);
  const start = { step: 0, params: policy, m: zeroMoments(policy), v: zeroMoments(policy) };
  updater.load(start);
  const stats = await updater.update(minibatches, profile.lr);
  const params = await updater.params();
  await updater.release();
  const [after] = await scoreRows(ppo, [params]);
  const rows = minibatches.flatMap((_, i) => [
    stats.policyLoss[i]!,
    stats.valueLoss[i]!,
    stats.approxKl[i]!,
    stats.clipFraction[i]!,
  ]);
  const moved = Object.entries(params).map(([name, found]) => distance(found, tensor(golden, `after.${name}`)));
  return [
    compared(golden, 'stats', rows),
    { name: 'after.* (parameters)', error: Math.max(...moved) },
    compared(golden, 'after.logprobs', after!.logProbs),
    compared(golden, 'after.values', after!.values),
  ];
}

function compared(golden: Tensors, name: string, found: ArrayLike<number>): GroupError {
  const { shape } = tensor(golden, name);
  if (found.length !== tensor(golden, name).data.length) return { name, error: Infinity };
  return { name, error: relativeError(hostTensor('float32', shape, Float32Array.from(found)), tensor(golden, name)) };
}

/**
 * ‖a − b‖ / ‖b‖, for parameters that Adam has moved. A single element says nothing here: where a gradient happens to be
 * 2e-9, float32 knows it to two digits, and Adam, which divides it by its own size plus 1e-8, makes those digits a step.
 * (PyTorch in float32 is 2e-4 away from itself in float64 at one such element, and 1e-5 in this norm.)
 */
function distance(found: HostTensor, expected: HostTensor): number {
  if (found.data.length !== expected.data.length) return Infinity;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const b = Number(expected.data[i]);
    difference += (Number(found.data[i]) - b) ** 2;
    size += b ** 2;
  }
  return Math.sqrt(difference / size);
}

const klCaseSchema = z.object({
  kl: z.array(z.number()),
  initial: z.number(),
  target: z.number(),
  horizon: z.number(),
  episodes_per_batch: z.number(),
  ziegler: z.array(z.number()),
  schulman: z.array(z.number()),
});

/** Both adaptive controllers of a `kl-controllers.json`. */
export const klControllersGolden: CaseRunner = async (file) => {
  const golden = klCaseSchema.parse(await readJson(path.dirname(file), path.basename(file)));
  const { initial: coefficient, target, horizon } = golden;
  return (['ziegler', 'schulman'] as const).map((kind) => {
    let present = coefficient;
    const errors = golden.kl.map((kl, i) => {
      present = nextKlCoefficient({ kind, coefficient, target, horizon }, present, {
        kl,
        episodes: golden.episodes_per_batch,
      });
      return Math.abs(present / golden[kind][i]! - 1);
    });
    return { name: kind, error: Math.max(...errors) };
  });
};

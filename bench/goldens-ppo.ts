/** Runs the PPO reference cases through the program's own parts and measures how far off each figure is. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gradients } from '../core/autodiff/index.js';
import { openSession } from '../core/backends/onnx/index.js';
import { readSafetensors } from '../core/checkpoint/safetensors.js';
import { Graph, program } from '../core/ir/index.js';
import { gpt2Parameters, parameterFeeds, parameterInputs, parseGpt2Config } from '../core/nn/index.js';
import type { Gpt2Config, Parameters } from '../core/nn/index.js';
import { adamDefaults } from '../core/optim/index.js';
import { paddedRows } from '../core/rl/episodes.js';
import type { TokenRows } from '../core/rl/episodes.js';
import { nextKlCoefficient } from '../core/rl/kl-controller.js';
import { minibatchesOf } from '../core/rl/minibatch-data.js';
import { openPolicyUpdater, zeroMoments } from '../core/rl/policy-updater.js';
import type { Minibatch } from '../core/rl/policy-updater.js';
import type { Rollout } from '../core/rl/rollout.js';
import { openRolloutScorer } from '../core/rl/rollout-scorer.js';
import { tokenRewards } from '../core/rl/token-rewards.js';
import { minibatchInputs, minibatchLoss, ppoParameterShapes } from '../core/rl/minibatch-loss.js';
import type { UpdateGraphOptions } from '../core/rl/update-graph.js';
import { hostTensor } from '../core/tensor.js';
import type { HostTensor } from '../core/tensor.js';

export interface GoldenError {
  readonly name: string;
  /** Largest |found − expected| ÷ largest |expected| of the tensor (at least 1 for figures that are zero by construction). */
  readonly error: number;
}

/** The fields of a case's `golden.json` that a run needs. */
interface GoldenProfile {
  readonly kl_coef: number;
  readonly gamma: number;
  readonly lam: number;
  readonly clip: number;
  readonly value_clip: number;
  readonly vf_coef: number;
  readonly lr: number;
  readonly minibatch: number;
  readonly temperature_in_logprobs: number;
  readonly whiten_rewards: boolean;
  readonly unbiased_variance: boolean;
  readonly adam_eps: number;
}

interface GoldenCase {
  readonly config: Gpt2Config;
  readonly base: Parameters;
  readonly policy: Parameters;
  readonly tensors: Readonly<Record<string, HostTensor>>;
  readonly profile: GoldenProfile;
  readonly rows: TokenRows;
  readonly options: UpdateGraphOptions;
}

const THREADS = 1;

/** Every figure of one `ppo-…` folder. */
export async function ppoGolden(folder: string): Promise<GoldenError[]> {
  const golden = await loadCase(folder);
  const rollout = await readRollout(golden);
  const minibatches = goldenMinibatches(golden, rollout);
  return [...rolloutErrors(golden, rollout), ...(await firstErrors(golden, minibatches[0]!)), ...(await epochErrors(golden, minibatches))];
}

async function loadCase(folder: string): Promise<GoldenCase> {
  const json = JSON.parse(await readFile(join(folder, 'golden.json'), 'utf8')) as { profile: GoldenProfile; base_model: string };
  const baseFolder = join(folder, json.base_model);
  const config = parseGpt2Config(JSON.parse(await readFile(join(baseFolder, 'config.json'), 'utf8')));
  const { tensors } = readSafetensors(await readFile(join(folder, 'golden.safetensors')));
  const base = readSafetensors(await readFile(join(baseFolder, 'model.safetensors'))).tensors;
  const valueHead = { value_weight: floats(tensors, 'value_weight'), value_bias: floats(tensors, 'value_bias') };
  const { profile } = json;
  return {
    config,
    base: { ...gpt2Parameters(config, base), ...valueHead },
    policy: { ...gpt2Parameters(config, withoutPrefix(tensors, 'policy.')), ...valueHead },
    tensors,
    profile,
    rows: rowsOf(tensors),
    options: optionsOf(tensors, profile),
  };
}

function floats(tensors: Readonly<Record<string, HostTensor>>, name: string): HostTensor<'float32'> {
  const tensor = tensors[name];
  if (!(tensor?.data instanceof Float32Array)) throw new TypeError(`ppoGolden: expected a float32 tensor ${name}, got ${tensor?.dtype ?? 'nothing'}`);
  return hostTensor('float32', tensor.shape, tensor.data);
}

function withoutPrefix(tensors: Readonly<Record<string, HostTensor>>, prefix: string): Record<string, HostTensor> {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [])),
  );
}

function tokenRowsOf(tensor: HostTensor): number[][] {
  const width = tensor.shape[1]!;
  return Array.from({ length: tensor.shape[0]! }, (_, row) => Array.from(tensor.data.slice(row * width, (row + 1) * width), Number));
}

function rowsOf(tensors: Readonly<Record<string, HostTensor>>): TokenRows {
  const responses = tokenRowsOf(tensors['response']!);
  const rows = tokenRowsOf(tensors['query']!).map((query, i) => [...query, ...responses[i]!]);
  return paddedRows(rows, rows[0]!.length, 0);
}

function optionsOf(tensors: Readonly<Record<string, HostTensor>>, profile: GoldenProfile): UpdateGraphOptions {
  return {
    queryTokens: tensors['query']!.shape[1]!,
    responseTokens: tensors['response']!.shape[1]!,
    logProbTemperature: profile.temperature_in_logprobs,
    valueActivation: 'none',
    padded: false,
    minibatchSize: profile.minibatch,
    steps: tensors['query']!.shape[0]! / profile.minibatch,
    adam: { ...adamDefaults, epsilon: profile.adam_eps },
    maxGradNorm: 0,
    clip: profile.clip,
    valueClip: profile.value_clip,
    valueCoefficient: profile.vf_coef,
  };
}

async function scoreRows({ config, options, rows }: GoldenCase, models: readonly Parameters[]) {
  const scorer = await openRolloutScorer(config, { ...options, rows: rows.tokens.shape[0]!, valueOffset: 0 }, THREADS);
  const scores = [];
  for (const model of models) scores.push(await scorer.score(model, rows));
  await scorer.release();
  return scores;
}

async function readRollout(golden: GoldenCase): Promise<Rollout> {
  const [own, reference] = await scoreRows(golden, [golden.policy, golden.base]);
  return {
    queries: tokenRowsOf(golden.tensors['query']!),
    responses: tokenRowsOf(golden.tensors['response']!),
    scores: floats(golden.tensors, 'score').data,
    ...own!,
    refLogProbs: reference!.logProbs,
  };
}

function goldenMinibatches({ rows, profile }: GoldenCase, rollout: Rollout): Minibatch[] {
  const size = profile.minibatch;
  const order = Array.from({ length: rollout.scores.length / size }, (_, i) => Array.from({ length: size }, (_row, j) => i * size + j));
  return minibatchesOf(rollout, rows, profile.kl_coef, order, {
    gamma: profile.gamma,
    lambda: profile.lam,
    whitenRewards: profile.whiten_rewards,
    unbiasedVariance: profile.unbiased_variance,
  });
}

function rolloutErrors({ tensors, profile, options }: GoldenCase, rollout: Rollout): GoldenError[] {
  const kl = rollout.logProbs.map((logProb, i) => logProb - rollout.refLogProbs[i]!);
  const rewards = tokenRewards({ ...rollout, tokens: options.responseTokens, klCoefficient: profile.kl_coef });
  return [
    compared(tensors, 'logprobs', rollout.logProbs),
    compared(tensors, 'ref_logprobs', rollout.refLogProbs),
    compared(tensors, 'values', rollout.values),
    compared(tensors, 'kl', kl),
    compared(tensors, 'rewards', rewards),
  ];
}

/** Losses and gradients of the first minibatch, before any step. */
async function firstErrors({ config, policy, tensors, options }: GoldenCase, minibatch: Minibatch): Promise<GoldenError[]> {
  const graph = new Graph('ppo-first-minibatch');
  const parameters = parameterInputs(graph, ppoParameterShapes(config));
  const losses = minibatchLoss(config, parameters, minibatchInputs(graph, [], options), options);
  const names = Object.keys(parameters);
  const slopes = gradients(losses.loss, Object.values(parameters));
  const grads = Object.fromEntries(names.map((name, i) => [`grad.${name}`, slopes[i]!]));
  const { loss, policyLoss, valueLoss, ratio } = losses;
  const session = await openSession(program(graph, { outputs: { loss, policyLoss, valueLoss, ratio, ...grads } }), { threads: THREADS });
  const found: Readonly<Record<string, HostTensor<'float32'>>> = await session.run({ ...parameterFeeds(policy), ...rowFeeds(minibatch, options) });
  await session.release();
  return [
    compared(tensors, 'first.advantages', minibatch.advantages),
    compared(tensors, 'first.returns', minibatch.returns),
    compared(tensors, 'first.loss', found['loss']!.data),
    compared(tensors, 'first.policy_loss', found['policyLoss']!.data, 1),
    compared(tensors, 'first.value_loss', found['valueLoss']!.data),
    compared(tensors, 'first.ratio', found['ratio']!.data),
    ...names.map((name) => compared(tensors, `first.grad.${name}`, found[`grad.${name}`]!.data)),
  ];
}

function rowFeeds(minibatch: Minibatch, { minibatchSize, queryTokens, responseTokens }: UpdateGraphOptions): Record<string, HostTensor> {
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
async function epochErrors(golden: GoldenCase, minibatches: readonly Minibatch[]): Promise<GoldenError[]> {
  const { config, policy, options, profile, tensors } = golden;
  const updater = await openPolicyUpdater(config, options, THREADS);
  const start = { step: 0, params: policy, m: zeroMoments(policy), v: zeroMoments(policy) };
  const { state, stats } = await updater.update(start, minibatches, profile.lr);
  await updater.release();
  const [after] = await scoreRows(golden, [state.params]);
  const rows = minibatches.flatMap((_, i) => [stats.policyLoss[i]!, stats.valueLoss[i]!, stats.approxKl[i]!, stats.clipFraction[i]!]);
  return [
    compared(tensors, 'stats', Float32Array.from(rows)),
    ...Object.entries(state.params).map(([name, { data }]) => compared(tensors, `after.${name}`, data)),
    compared(tensors, 'after.logprobs', after!.logProbs),
    compared(tensors, 'after.values', after!.values),
  ];
}

/** `scale` is the size that an error is measured against where the expected values are all next to nothing. */
function compared(tensors: Readonly<Record<string, HostTensor>>, name: string, found: ArrayLike<number>, scale = 1e-6): GoldenError {
  const expected = floats(tensors, name).data;
  if (expected.length !== found.length) return { name, error: Number.POSITIVE_INFINITY };
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), scale);
  const error = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);
  return { name, error: error / largest };
}

interface KlGolden {
  readonly kl: readonly number[];
  readonly initial: number;
  readonly target: number;
  readonly horizon: number;
  readonly episodes_per_batch: number;
  readonly ziegler: readonly number[];
  readonly schulman: readonly number[];
}

/** Both adaptive controllers of a `kl-controllers.json`. */
export async function klControllersGolden(file: string): Promise<GoldenError[]> {
  const golden = JSON.parse(await readFile(file, 'utf8')) as KlGolden;
  const { initial: coefficient, target, horizon } = golden;
  return (['ziegler', 'schulman'] as const).map((kind) => {
    let present = coefficient;
    const errors = golden.kl.map((kl, i) => {
      present = nextKlCoefficient({ kind, coefficient, target, horizon }, present, { kl, episodes: golden.episodes_per_batch });
      return Math.abs(present / golden[kind][i]! - 1);
    });
    return { name: kind, error: Math.max(...errors) };
  });
}

/** The gpt2 case: forward pass, loss, gradients, AdamW steps, greedy decoding. Knows only the case's file layout. */

import { gradients } from '../core/autodiff/index.js';
import { openSession } from '../core/backends/index.js';
import type { SessionOptions } from '../core/backends/index.js';
import { createSampler } from '../core/generate/sampler.js';
import { Graph, program } from '../core/ir/index.js';
import type { Gpt2Config } from '../core/nn/index.js';
import {
  crossEntropy,
  gpt2Hidden,
  gpt2Parameters,
  gpt2ParameterSpecs,
  lmLogits,
  nextTokenTargets,
  parameter,
  parameterFeeds,
  parameterInputs,
  parseGpt2Config,
  shapesOf,
} from '../core/nn/index.js';
import type { Parameters } from '../core/nn/index.js';
import { languageModelObjective } from '../core/train/language-model.js';
import { TrainingSession } from '../core/train/training-session.js';
import { hostTensor } from '../core/tensor.js';
import type { HostTensor } from '../core/tensor.js';
import { groupError, int32, oneThread, readJson, readTensors, relativeError, tensor } from './golden-case.js';
import type { CaseRunner, GroupError, Tensors } from './golden-case.js';

export const runGpt2Case: CaseRunner = async (folder, runtime = oneThread) => {
  const config = parseGpt2Config(await readJson(folder, 'config.json'));
  const params = gpt2Parameters(config, await readTensors(folder, 'model.safetensors'));
  const golden = await readTensors(folder, 'golden.safetensors');
  return [
    ...(await forwardErrors(config, params, golden, runtime)),
    ...(await trainingErrors(config, params, golden, await readJson(folder, 'golden.json'), runtime)),
    ...(await greedyErrors(config, params, golden, runtime)),
  ];
};

async function forwardErrors(
  config: Gpt2Config,
  params: Parameters,
  golden: Tensors,
  runtime: SessionOptions,
): Promise<GroupError[]> {
  const ids = int32(golden, 'input_ids');
  const graph = new Graph('golden.gpt2');
  const parameters = parameterInputs(graph, shapesOf(gpt2ParameterSpecs(config)));
  const inputIds = graph.input('ids', 'int32', ids.shape);
  const attentionMask = graph.input('mask', 'int32', ids.shape);
  const labels = graph.input('labels', 'int32', ids.shape);
  const hidden = gpt2Hidden(config, parameters, { inputIds, attentionMask });
  const logits = lmLogits(parameters, hidden);
  const loss = crossEntropy(logits, nextTokenTargets(labels)).mean;
  const names = Object.keys(params);
  const wrt = gradients(
    loss,
    names.map((name) => parameter(parameters, name)),
  );
  const outputs = { hidden, logits, loss, ...Object.fromEntries(names.map((name, i) => [`grad:${name}`, wrt[i]!])) };
  const session = await openSession(program(graph, { outputs }), runtime);
  const result: Tensors = await session.run({
    ...parameterFeeds(params),
    ids,
    mask: int32(golden, 'attention_mask'),
    labels: int32(golden, 'labels'),
  });
  await session.release();
  const grads = Object.fromEntries(names.map((name) => [name, tensor(result, `grad:${name}`)]));
  return [
    { name: 'last_hidden', error: relativeError(tensor(result, 'hidden'), tensor(golden, 'last_hidden')) },
    { name: 'logits', error: relativeError(tensor(result, 'logits'), tensor(golden, 'logits')) },
    { name: 'loss', error: relativeError(tensor(result, 'loss'), tensor(golden, 'loss')) },
    groupError('grad.*', grads, golden, 'grad.'),
  ];
}

interface AdamwCase {
  readonly peak_lr: number;
  readonly warmup: number;
  readonly total: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weight_decay: number;
  readonly clip_norm: number;
}

function adamwCase(json: unknown): AdamwCase {
  const found = typeof json === 'object' && json !== null && 'adamw' in json ? json.adamw : undefined;
  if (!isAdamwCase(found)) throw new RangeError('golden.json: expected the field adamw with its settings');
  return found;
}

function isAdamwCase(value: unknown): value is AdamwCase {
  const numbers = ['peak_lr', 'warmup', 'total', 'eps', 'weight_decay', 'clip_norm'];
  if (typeof value !== 'object' || value === null || !('betas' in value) || !Array.isArray(value.betas)) return false;
  return numbers.every((name) => typeof Object.entries(value).find(([key]) => key === name)?.[1] === 'number');
}

async function trainingErrors(
  config: Gpt2Config,
  params: Parameters,
  golden: Tensors,
  json: unknown,
  runtime: SessionOptions,
): Promise<GroupError[]> {
  const adamw = adamwCase(json);
  const batches = int32(golden, 'train_batches'); // [K, B, T]
  const [steps = 0, batchSize = 0, tokens = 0] = batches.shape;
  const [beta1, beta2] = adamw.betas;
  const session = new TrainingSession(
    languageModelObjective(config),
    {
      batchSize,
      schedule: { peakLr: adamw.peak_lr, warmupSteps: adamw.warmup, totalSteps: adamw.total },
      adam: { beta1, beta2, epsilon: adamw.eps, epsilonForm: 'torch' },
      weightDecay: adamw.weight_decay,
      clipNorm: adamw.clip_norm,
      ...runtime,
    },
    { params },
  );
  const size = batchSize * tokens;
  const feeds = Array.from({ length: steps }, (_, i) => {
    const ids: HostTensor<'int32'> = hostTensor(
      'int32',
      [batchSize, tokens],
      batches.data.slice(i * size, (i + 1) * size),
    );
    return { inputIds: ids, labels: ids };
  });
  const { losses, gradientNorms } = await session.run(feeds, tokens, 0);
  const trained = await session.params();
  await session.release();
  return [
    {
      name: 'train_losses',
      error: relativeError(hostTensor('float32', [steps], losses), tensor(golden, 'train_losses')),
    },
    {
      name: 'train_grad_norms',
      error: relativeError(hostTensor('float32', [steps], gradientNorms), tensor(golden, 'train_grad_norms')),
    },
    groupError('trained.*', trained, golden, 'trained.'),
  ];
}

async function greedyErrors(
  config: Gpt2Config,
  params: Parameters,
  golden: Tensors,
  runtime: SessionOptions,
): Promise<GroupError[]> {
  const ids = int32(golden, 'input_ids');
  const mask = int32(golden, 'attention_mask');
  const greedy = int32(golden, 'greedy'); // [B, T + new], prompts and all
  const [batch = 0, promptTokens = 0] = ids.shape;
  const newTokens = (greedy.shape[1] ?? 0) - promptTokens;
  const prompts = Array.from({ length: batch }, (_, row) =>
    Array.from(ids.data.subarray(row * promptTokens, (row + 1) * promptTokens)).filter(
      (_id, t) => mask.data[row * promptTokens + t] === 1,
    ),
  );
  const sampler = await createSampler(config, { batch, promptTokens, newTokens, greedy: true, ...runtime });
  const { tokens } = await sampler.sample(params, prompts);
  await sampler.release();
  const expected = tokens.map((_, row) =>
    Array.from(
      greedy.data.subarray(row * (promptTokens + newTokens) + promptTokens, (row + 1) * (promptTokens + newTokens)),
    ),
  );
  const wrong = tokens.flat().filter((token, i) => token !== expected.flat()[i]).length;
  return [{ name: 'greedy (share of wrong tokens)', error: wrong / Math.max(1, tokens.flat().length) }];
}

/**
 * Generation as one program: a pass over the prompts fills the key-value cache, then a loop adds one token an iteration.
 * The cache has its full length from the start; a step writes its own slot. Knows no host data.
 */

import {
  add,
  cast,
  concat,
  constant,
  equal,
  gather,
  Graph,
  lessOrEqual,
  loop,
  min,
  pad,
  program,
  reduceSum,
  reshape,
  scalar,
  slice,
  transpose,
  where,
} from '../ir/index.js';
import type { Program, Value } from '../ir/index.js';
import { attend, causalMask, MASKED, paddingMask } from '../nn/attention.js';
import type { HeadShape } from '../nn/attention.js';
import type { Gpt2Config } from '../nn/gpt2-config.js';
import { gpt2ParameterSpecs } from '../nn/gpt2-parameters.js';
import { gpt2Blocks, gpt2Embed, lmLogits, positionIds } from '../nn/gpt2.js';
import { parameterInputs } from '../nn/graph-parameters.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import { shapesOf } from '../nn/parameters.js';
import { hostTensor } from '../tensor.js';
import { sampleToken } from './sampling.js';
import type { SamplingSettings } from './sampling.js';

export interface SamplerShape {
  readonly batch: number; // B
  readonly promptTokens: number; // P
  readonly newTokens: number; // N
}

/** Carried from token to token: the last token and each layer's keys and values [B, H, S, D], S = P + N − 1 slots. */
type Caches = Record<`k:${number}` | `v:${number}`, Value<'float32'>>;

/**
 * Inputs: `param:*`, `promptIds` and `promptMask` [B, P] padded on the left, `uniforms` [N, B].
 * Outputs: `tokens` [B, N] and `logProbs` [B, N].
 */
export function samplerProgram(config: Gpt2Config, shape: SamplerShape, sampling: SamplingSettings): Program {
  const { batch, promptTokens, newTokens } = shape;
  const graph = new Graph('sampler');
  const parameters = parameterInputs(graph, shapesOf(gpt2ParameterSpecs(config)));
  const promptIds = graph.input('promptIds', 'int32', [batch, promptTokens]);
  const promptMask = graph.input('promptMask', 'int32', [batch, promptTokens]);
  const uniforms = graph.input('uniforms', 'float32', [newTokens, batch]);
  const model: Model = { config, parameters, promptMask, shape };
  const prompt = prefill(model, promptIds);
  const first = sampleToken(prompt.logits, gather(uniforms, scalar(graph, 0, 'int32')), sampling);
  const rows = { tokens: reshape(first.token, [1, batch]), logProbs: reshape(first.logProb, [1, batch]) };
  if (newTokens === 1) return program(graph, { outputs: columns(rows.tokens, rows.logProbs) });
  const { scans } = loop(graph, {
    trip: newTokens - 1,
    carried: { token: first.token, ...prompt.caches },
    body: (iteration, { token, ...caches }) => {
      const next = decode(model, token, caches, cast(iteration, 'int32'));
      const chosen = sampleToken(next.logits, gather(uniforms, add(iteration, 1)), sampling);
      return {
        carried: { token: chosen.token, ...next.caches },
        scans: { token: chosen.token, logProb: chosen.logProb },
      };
    },
  });
  return program(graph, {
    outputs: columns(concat([rows.tokens, scans.token], 0), concat([rows.logProbs, scans.logProb], 0)),
  });
}

/** [N, B] → [B, N] */
function columns(tokens: Value<'int32'>, logProbs: Value<'float32'>) {
  return { tokens: transpose(tokens, [1, 0]), logProbs: transpose(logProbs, [1, 0]) };
}

interface Model {
  readonly config: Gpt2Config;
  readonly parameters: ParameterValues;
  readonly promptMask: Value<'int32'>; // [B, P]
  readonly shape: SamplerShape;
}

interface Scores {
  readonly logits: Value<'float32'>; // [B, V]
  readonly caches: Caches;
}

function headShape({ config, shape }: Model, tokens: number): HeadShape {
  return { batch: shape.batch, tokens, heads: config.numHeads, headSize: config.width / config.numHeads };
}

/** Scores after each prompt's last token, which stands at the right edge, and the caches with room for what follows. */
function prefill(model: Model, promptIds: Value<'int32'>): Scores {
  const { config, parameters, promptMask, shape } = model;
  const { batch, promptTokens, newTokens } = shape;
  const caches: Caches = {};
  const mask = min(causalMask(promptIds.graph, promptTokens), paddingMask(promptMask));
  const hidden = gpt2Blocks(
    config,
    parameters,
    gpt2Embed(config, parameters, promptIds, positionIds(promptMask)),
    headShape(model, promptTokens),
    (q, k, v, layer) => {
      caches[`k:${layer}`] = pad(k, { axis: 2, after: newTokens - 1 });
      caches[`v:${layer}`] = pad(v, { axis: 2, after: newTokens - 1 });
      return attend(q, k, v, mask);
    },
  );
  const last = slice(reshape(hidden, [batch, promptTokens, config.width]), { axis: 1, start: promptTokens - 1 });
  return { logits: lmLogits(parameters, reshape(last, [batch, config.width])), caches };
}

/** Scores after one more token, which takes slot P + iteration. */
function decode(model: Model, token: Value<'int32'>, caches: Caches, iteration: Value<'int32'>): Scores {
  const { config, parameters, promptMask, shape } = model;
  const slot = add(iteration, shape.promptTokens); // scalar
  const position = add(reduceSum(promptMask, [1], { keepDims: true }), iteration); // [B, 1]
  const next: Caches = {};
  const mask = filledMask(model, slot);
  const ids = reshape(token, [shape.batch, 1]);
  const hidden = gpt2Blocks(
    config,
    parameters,
    gpt2Embed(config, parameters, ids, position),
    headShape(model, 1),
    (q, k, v, layer) => {
      const keys = writeSlot(cacheOf(caches, `k:${layer}`), k, slot);
      const values = writeSlot(cacheOf(caches, `v:${layer}`), v, slot);
      next[`k:${layer}`] = keys;
      next[`v:${layer}`] = values;
      return attend(q, keys, values, mask);
    },
  );
  return { logits: lmLogits(parameters, hidden), caches: next };
}

function cacheOf(caches: Caches, name: keyof Caches): Value<'float32'> {
  const cache = caches[name];
  if (cache === undefined)
    throw new RangeError(`sampler: expected a cache ${name}, got ${Object.keys(caches).join(', ')}`);
  return cache;
}

/**
 * A copy of the cache with one slot set: the update is put behind the last slot, and slots are then picked by number.
 * Two block copies; ScatterElements, Where and a product with a one-hot vector each took half as long again.
 */
function writeSlot(cache: Value<'float32'>, update: Value<'float32'>, slot: Value<'int32'>): Value<'float32'> {
  const slots = cache.shape[2] ?? 0;
  const numbers = slotNumbers(cache.graph, slots);
  return gather(concat([cache, update], 2), where(equal(numbers, slot), slots, numbers), 2);
}

/** 0 … S − 1: [S]. */
function slotNumbers(graph: Graph, slots: number): Value<'int32'> {
  return constant(
    graph,
    hostTensor(
      'int32',
      [slots],
      Int32Array.from({ length: slots }, (_, i) => i),
    ),
  );
}

/** 0 for the prompt's real tokens and for slots up to the current one, else a large negative number: [B, 1, 1, S]. */
function filledMask({ promptMask, shape }: Model, slot: Value<'int32'>): Value<'float32'> {
  const { batch, promptTokens, newTokens } = shape;
  const slots = promptTokens + newTokens - 1;
  const generated = constant(
    promptMask.graph,
    hostTensor('int32', [batch, newTokens - 1], new Int32Array(batch * (newTokens - 1)).fill(1)),
  );
  const real = paddingMask(concat([promptMask, generated], 1));
  return where(lessOrEqual(slotNumbers(promptMask.graph, slots), slot), real, MASKED);
}

/**
 * Generation as one program: a pass over the prompts fills the key-value cache, then loops add one token an iteration.
 * A loop writes to a short cache of its own and only reads those before it. Knows no host data.
 */

import {
  add,
  cast,
  concat,
  constant,
  equal,
  expand,
  gather,
  Graph,
  greater,
  loop,
  matMul,
  min,
  mul,
  program,
  reduceSum,
  reshape,
  scalar,
  softmax,
  split,
  transpose,
  where,
} from '../ir/index.js';
import type { Program, Value } from '../ir/index.js';
import { attend, causalMask, MASKED, paddingMask, tailQueries } from '../nn/attention.js';
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

/** Each layer's keys and values: [B, H, S, D]. */
type Caches = Record<`k:${number}` | `v:${number}`, Value<'float32'>>;

/** Most loops that the new tokens are spread over, and fewest tokens of one. */
const MAX_SEGMENTS = 4;
const MIN_SEGMENT = 8;

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
  const tokens = [reshape(first.token, [1, batch])];
  const logProbs = [reshape(first.logProb, [1, batch])];
  let last = first.token;
  let frozen = prompt.caches;
  for (const { start, length } of segments(newTokens)) {
    const { carried, scans } = loop(graph, {
      trip: length,
      carried: { token: last, ...emptyCaches(model, graph, length) },
      body: (iteration, { token, ...caches }) => {
        const next = decode(model, token, { frozen, caches, start, slot: cast(iteration, 'int32') });
        const chosen = sampleToken(next.logits, gather(uniforms, add(iteration, start)), sampling);
        return {
          carried: { token: chosen.token, ...next.caches },
          scans: { token: chosen.token, logProb: chosen.logProb },
        };
      },
    });
    const { token, ...caches } = carried;
    last = token;
    frozen = joined(model, frozen, caches);
    tokens.push(scans.token);
    logProbs.push(scans.logProb);
  }
  const columns = { tokens: transpose(concat(tokens, 0), [1, 0]), logProbs: transpose(concat(logProbs, 0), [1, 0]) };
  return program(graph, { outputs: columns }); // [N, B] → [B, N]
}

/** The tokens after the first, cut into even loops: a loop copies its own cache at each token, and none before it. */
function segments(newTokens: number): { start: number; length: number }[] {
  const rest = newTokens - 1;
  const count = Math.min(MAX_SEGMENTS, Math.ceil(rest / MIN_SEGMENT));
  const bounds = Array.from({ length: count + 1 }, (_, i) => Math.round((i * rest) / count));
  return Array.from({ length: count }, (_, i) => ({ start: 1 + bounds[i]!, length: bounds[i + 1]! - bounds[i]! }));
}

function emptyCaches({ config, shape }: Model, graph: Graph, slots: number): Caches {
  const empty = expand(scalar(graph, 0), [shape.batch, config.numHeads, slots, config.width / config.numHeads]);
  const caches: Caches = {};
  for (let layer = 0; layer < config.numLayers; layer++) caches[`k:${layer}`] = caches[`v:${layer}`] = empty;
  return caches;
}

function joined({ config }: Model, before: Caches, after: Caches): Caches {
  const caches: Caches = {};
  for (let layer = 0; layer < config.numLayers; layer++) {
    for (const name of [`k:${layer}`, `v:${layer}`] as const)
      caches[name] = concat([cacheOf(before, name), cacheOf(after, name)], 2);
  }
  return caches;
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

/** Scores after each prompt's last token, which stands at the right edge, and the caches. */
function prefill(model: Model, promptIds: Value<'int32'>): Scores {
  const { config, parameters, promptMask, shape } = model;
  const { promptTokens } = shape;
  const caches: Caches = {};
  const mask = min(causalMask(promptIds.graph, promptTokens), paddingMask(promptMask));
  const hidden = gpt2Blocks(
    config,
    parameters,
    gpt2Embed(config, parameters, promptIds, positionIds(promptMask)),
    headShape(model, promptTokens),
    (q, k, v, layer) => {
      caches[`k:${layer}`] = k;
      caches[`v:${layer}`] = v;
      return attend(q, k, v, tailQueries(mask, q.shape[2] ?? 1));
    },
    { tail: 1 },
  ); // [B, C]
  return { logits: lmLogits(parameters, hidden), caches };
}

interface Past {
  /** Of all tokens before this loop: F slots. */
  readonly frozen: Caches;
  /** Of this loop's tokens: W slots, those before `slot` filled. */
  readonly caches: Caches;
  /** Number of the loop's first new token, from 0. */
  readonly start: number;
  /** Iteration of the loop, a scalar. */
  readonly slot: Value<'int32'>;
}

/** Scores after one more token, which takes the loop's slot. */
function decode(model: Model, token: Value<'int32'>, { frozen, caches, start, slot }: Past): Scores {
  const { config, parameters, promptMask, shape } = model;
  const position = add(reduceSum(promptMask, [1], { keepDims: true }), add(slot, start - 1)); // [B, 1]
  const next: Caches = {};
  const before = frozenMask(model, start - 1); // [B, 1, 1, F]
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
      const past = { keys: cacheOf(frozen, `k:${layer}`), values: cacheOf(frozen, `v:${layer}`), mask: before };
      return attendBoth(q, past, { keys, values, mask: filledMask(keys, slot) });
    },
  );
  return { logits: lmLogits(parameters, hidden), caches: next };
}

interface Keys {
  readonly keys: Value<'float32'>; // [B, H, S, D]
  readonly values: Value<'float32'>; // [B, H, S, D]
  readonly mask: Value<'float32'>; // [B or 1, 1, 1, S]
}

/** Attention over two caches as if they were one, without joining them: only scores and probabilities are. */
function attendBoth(q: Value<'float32'>, past: Keys, own: Keys): Value<'float32'> {
  const alpha = 1 / Math.sqrt(q.shape[3] ?? 1);
  const scores = [past, own].map(({ keys, mask }) => add(matMul(q, keys, { transB: true, alpha }), mask));
  const sizes = scores.map(({ shape }) => shape[3] ?? 0);
  const [onPast, onOwn] = split(softmax(concat(scores, 3)), 3, sizes);
  if (onPast === undefined || onOwn === undefined) throw new RangeError('attendBoth: expected two parts');
  return add(matMul(onPast, past.values), matMul(onOwn, own.values)); // [B, H, 1, D]
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
  const numbers = Int32Array.from({ length: slots }, (_, i) => i);
  return constant(graph, hostTensor('int32', [slots], numbers));
}

/** 0 for the prompt's real tokens and the `generated` ones after it, else a large negative number: [B, 1, 1, F]. */
function frozenMask({ promptMask, shape }: Model, generated: number): Value<'float32'> {
  const mask = paddingMask(promptMask);
  if (generated === 0) return mask;
  return concat([mask, expand(scalar(promptMask.graph, 0), [shape.batch, 1, 1, generated])], 3);
}

/** 0 for slots up to the current one, else a large negative number: [1, 1, 1, W]. */
function filledMask(keys: Value<'float32'>, slot: Value<'int32'>): Value<'float32'> {
  const slots = keys.shape[2] ?? 0;
  const late = cast(greater(slotNumbers(keys.graph, slots), slot), 'float32');
  return reshape(mul(late, MASKED), [1, 1, 1, slots]);
}

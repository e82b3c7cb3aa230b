/** Chooses the next token from scores, inside a graph. Knows no model and draws nothing itself. */

import {
  add,
  argMax,
  cast,
  constant,
  cumSum,
  gather,
  gatherElements,
  less,
  lessOrEqual,
  min,
  mul,
  reduceMax,
  reduceSum,
  reshape,
  slice,
  softmax,
  sub,
  topK,
  where,
} from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { hostTensor } from '../tensor.js';

export interface SamplingSettings {
  /** The likeliest token, no draw. Default false. */
  readonly greedy?: boolean;
  /** Scores are divided by it. Default 1. */
  readonly temperature?: number;
  /** Keep the k likeliest tokens. Default: all. */
  readonly topK?: number;
  /** Keep the likeliest tokens up to this total probability, after top-k (Holtzman et al. 2020). Default 1: all. */
  readonly topP?: number;
  /** Tokens that are never chosen: padding, unused entries. */
  readonly forbiddenTokens?: readonly number[];
}

/** Scores that no draw can reach, yet finite. */
const FORBIDDEN = -1e9;
/** Keeps u · total below total, whatever the rounding: the last token of all needs no special case. */
const BELOW_ONE = 1 - 1e-6;

/** The next token: [B]. */
export function sampleToken(
  logits: Value<'float32'>, // [B, V]
  uniforms: Value<'float32'>, // [B]
  settings: SamplingSettings,
): Value<'int32'> {
  const allowed = forbid(logits, settings.forbiddenTokens ?? []);
  return cast(settings.greedy === true ? argMax(allowed, 1) : drawToken(allowed, uniforms, settings), 'int32');
}

function forbid(logits: Value<'float32'>, tokens: readonly number[]): Value<'float32'> {
  if (tokens.length === 0) return logits;
  const [, vocabSize = 1] = logits.shape;
  const forbidden = new Uint8Array(vocabSize);
  for (const token of tokens) forbidden[token] = 1;
  return where(constant(logits.graph, hostTensor('bool', [1, vocabSize], forbidden)), FORBIDDEN, logits);
}

export function tempered(logits: Value<'float32'>, temperature: number): Value<'float32'> {
  return temperature === 1 ? logits : mul(logits, 1 / temperature);
}

/** Inverse of the cumulative distribution at `uniforms`: [B]. */
function drawToken(logits: Value<'float32'>, uniforms: Value<'float32'>, settings: SamplingSettings): Value<'int64'> {
  const [batch = 1, vocabSize = 1] = logits.shape;
  const { temperature = 1, topP = 1 } = settings;
  const kept = Math.min(settings.topK ?? vocabSize, vocabSize);
  const scores = tempered(logits, temperature);
  if (kept === vocabSize && topP >= 1) return reshape(drawIndex(softmax(scores, 1), uniforms), [batch]);
  const { values, indices } = topK(scores, kept); // [B, k], falling
  const probabilities = softmax(values, 1);
  const choice = topP >= 1 ? drawIndex(probabilities, uniforms) : drawFromNucleus(probabilities, uniforms, topP);
  return reshape(gatherElements(indices, choice, 1), [batch]);
}

/**
 * The same of probabilities that fall from left to right, those left out before which the others reach `topP`: [B, 1].
 * The sum of those kept is the largest running sum among them, so that none is set to 0 and summed anew.
 */
function drawFromNucleus(probabilities: Value<'float32'>, uniforms: Value<'float32'>, topP: number): Value<'int64'> {
  const [batch = 1] = probabilities.shape;
  const before = cumSum(probabilities, 1, { exclusive: true }); // [B, k]
  const running = add(before, probabilities);
  const total = reduceMax(where(less(before, topP), running, 0), [1], { keepDims: true }); // [B, 1]
  const target = mul(total, mul(reshape(uniforms, [batch, 1]), BELOW_ONE));
  return cast(reduceSum(cast(lessOrEqual(running, target), 'float32'), [1], { keepDims: true }), 'int64');
}

/** The number of leading entries whose running sum does not exceed u · total: [B, 1]. */
function drawIndex(probabilities: Value<'float32'>, uniforms: Value<'float32'>): Value<'int64'> {
  const [batch = 1, size = 1] = probabilities.shape;
  const share = mul(reshape(uniforms, [batch, 1]), BELOW_ONE); // [B, 1]
  const width = blockWidths.find((width) => size >= 8 * width && size % width === 0);
  if (width === undefined) return leadingEntries(probabilities, (total) => mul(total, share)).count;
  // Running sums over a whole vocabulary are slow: first the block is drawn, then the entry in it.
  const blocks = reshape(probabilities, [batch * (size / width), width]);
  const sums = reshape(reduceSum(blocks, [1]), [batch, size / width]);
  const { count: block, target, before } = leadingEntries(sums, (total) => mul(total, share));
  const firstBlocks = constant(probabilities.graph, rowStarts(batch, size / width)); // [B, 1]
  const chosen = gather(blocks, reshape(add(block, firstBlocks), [batch])); // [B, width]
  const within = leadingEntries(chosen, (total) => min(sub(target, before), mul(total, BELOW_ONE)));
  return add(mul(block, width), within.count);
}

const blockWidths = [128, 64, 32];

/** How many leading entries' running sum does not exceed the target, the target, and their sum: each [B, 1]. */
function leadingEntries(entries: Value<'float32'>, targetOf: (total: Value<'float32'>) => Value<'float32'>) {
  const [, size = 1] = entries.shape;
  const running = cumSum(entries, 1); // [B, k]
  const target = targetOf(slice(running, { axis: 1, start: size - 1, end: size }));
  const passed = cast(lessOrEqual(running, target), 'float32');
  const count = cast(reduceSum(passed, [1], { keepDims: true }), 'int64');
  const before = reduceMax(mul(running, passed), [1], { keepDims: true });
  return { count, target, before };
}

/** Number of each row's first block: [B, 1]. */
function rowStarts(rows: number, blocks: number) {
  return hostTensor(
    'int64',
    [rows, 1],
    BigInt64Array.from({ length: rows }, (_, row) => BigInt(row * blocks)),
  );
}

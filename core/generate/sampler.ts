/** Generates continuations of prompts with a GPT-2. Randomness comes in as uniforms; texts are the caller's business. */

import { deviceMemory, openSession, ResidentTensors } from '../backends/index.js';
import type { SessionOptions } from '../backends/index.js';
import type { Gpt2Config } from '../nn/gpt2-config.js';
import { parameterFeeds } from '../nn/graph-parameters.js';
import type { Parameters } from '../nn/parameters.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { padLeft } from '../train/padding.js';
import type { Tokens } from '../train/padding.js';
import { samplerProgram } from './sampler-program.js';
import type { SamplerProgramSettings, SamplerShape } from './sampler-program.js';

export interface SamplerSettings extends SamplerShape, SamplerProgramSettings, SessionOptions {
  /** A text ends with the first of these that is drawn. Default none: every text gets N tokens. */
  readonly stopTokens?: readonly number[];
  /** Stands behind the end of a text. Default 0. */
  readonly padToken?: number;
}

export interface Samples {
  /** N tokens for each prompt: padding behind the first stop token. */
  readonly tokens: readonly (readonly number[])[]; // [prompts][N]
  /** How many of them count, a stop token among them. */
  readonly lengths: readonly number[]; // [prompts]
  /** What a reader read of each token, by its names; 0 for padding. */
  readonly read: Readonly<Record<string, Float32Array>>; // [prompts · N]
}

/** Draws with weights that were given when it was opened. */
export interface FixedSampler {
  /**
   * One continuation for each of at most B prompts, each of one token or more; of a longer one only its last P tokens count.
   * `uniforms` holds N rows of B numbers in (0, 1): entry [n · B + b] draws token n of prompt b. Greedy needs none.
   * @throws RangeError on too many prompts, an empty one, or another number of uniforms
   */
  sample(prompts: readonly Tokens[], uniforms?: Float32Array): Promise<Samples>;
  release(): Promise<void>;
}

/** Draws with weights that may be others each time. */
export interface Sampler {
  /** @see FixedSampler.sample */
  sample(params: Parameters, prompts: readonly Tokens[], uniforms?: Float32Array): Promise<Samples>;
  release(): Promise<void>;
}

/** @throws RangeError when prompt and new tokens together exceed the model's positions */
export async function createSampler(config: Gpt2Config, settings: SamplerSettings): Promise<Sampler> {
  checkPositions(config, settings);
  const session = await openSession(samplerProgram(config, settings, settings), settings);
  const weights = new ResidentTensors(deviceMemory(settings));
  return {
    sample: async (params, prompts, uniforms) => {
      const feeds = { ...(await weights.feeds(parameterFeeds(params))), ...promptFeeds(settings, prompts, uniforms) };
      return samplesOf(await session.run(feeds), prompts.length, settings);
    },
    release: () => {
      weights.release();
      return session.release();
    },
  };
}

/**
 * Faster by a tenth to a fifth than a sampler that is given weights each time: the runtime packs them once. Use it where
 * many prompts are continued by one model, as a session's memory returns only when the process ends.
 * @throws RangeError when prompt and new tokens together exceed the model's positions
 */
export async function createFixedSampler(
  config: Gpt2Config,
  params: Parameters,
  settings: SamplerSettings,
): Promise<FixedSampler> {
  checkPositions(config, settings);
  const session = await openSession(samplerProgram(config, settings, settings), settings, parameterFeeds(params));
  return {
    sample: async (prompts, uniforms) =>
      samplesOf(await session.run(promptFeeds(settings, prompts, uniforms)), prompts.length, settings),
    release: () => session.release(),
  };
}

function checkPositions({ numPositions }: Gpt2Config, { promptTokens, newTokens }: SamplerSettings): void {
  if (promptTokens + newTokens - 1 <= numPositions) return;
  throw new RangeError(
    `createSampler: expected at most ${numPositions} positions (n_positions), got ${promptTokens} + ${newTokens} tokens`,
  );
}

function promptFeeds(
  { batch, promptTokens, newTokens, greedy = false }: SamplerSettings,
  prompts: readonly Tokens[],
  uniforms: Float32Array = new Float32Array(greedy ? batch * newTokens : 0),
) {
  checkPrompts(prompts, batch);
  if (uniforms.length !== batch * newTokens) {
    throw new RangeError(`sample: expected ${newTokens} × ${batch} uniforms, got ${uniforms.length}`);
  }
  const filled = Array.from({ length: batch }, (_, row) => prompts[row] ?? [0]);
  const { ids, mask } = padLeft(filled, promptTokens, 0);
  return { promptIds: ids, promptMask: mask, uniforms: hostTensor('float32', [newTokens, batch], uniforms) };
}

function checkPrompts(prompts: readonly Tokens[], batch: number): void {
  if (prompts.length > batch)
    throw new RangeError(`sample: expected at most ${batch} prompts, got ${prompts.length}; split them`);
  const empty = prompts.findIndex((prompt) => prompt.length === 0);
  if (empty >= 0)
    throw new RangeError(
      `sample: expected a token or more in each prompt, got none in prompt ${empty}; begin with the start token`,
    );
}

function samplesOf(
  { tokens, ...scores }: Readonly<Record<string, HostTensor>>,
  prompts: number,
  { newTokens, stopTokens = [], padToken = 0 }: SamplerSettings,
): Samples {
  if (!(tokens?.data instanceof Int32Array)) throw new RangeError('sample: expected int32 tokens from the run');
  const drawn = Array.from(tokens.data);
  const rows = Array.from({ length: prompts }, (_, row) => drawn.slice(row * newTokens, (row + 1) * newTokens));
  const lengths = rows.map((row) => Math.min(newTokens, cutAtStop(row, stopTokens).length + 1));
  const counted = ({ data }: HostTensor): Float32Array => {
    const kept = Float32Array.from(data.slice(0, prompts * newTokens), Number);
    lengths.forEach((length, row) => kept.fill(0, row * newTokens + length, (row + 1) * newTokens));
    return kept;
  };
  return {
    tokens: rows.map((row, i) => row.fill(padToken, lengths[i])),
    lengths,
    read: Object.fromEntries(Object.entries(scores).map(([name, of]) => [name, counted(of)])),
  };
}

/** The tokens before the first stop token. */
export function cutAtStop(tokens: Tokens, stopTokens: readonly number[]): number[] {
  const end = tokens.findIndex((token) => stopTokens.includes(token));
  return tokens.slice(0, end < 0 ? tokens.length : end);
}

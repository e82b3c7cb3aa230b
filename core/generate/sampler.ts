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
import type { SamplerShape } from './sampler-program.js';
import type { SamplingSettings } from './sampling.js';

export interface SamplerSettings extends SamplerShape, SamplingSettings, SessionOptions {}

export interface Samples {
  /** N tokens for each prompt, whatever they are; `cutAtStop` ends them at a stop token. */
  readonly tokens: readonly (readonly number[])[]; // [prompts][N]
  /** Natural logarithm of each token's probability under the model, over the whole vocabulary. */
  readonly logProbs: Float32Array; // [prompts · N]
}

export interface Sampler {
  /**
   * One continuation for each of at most B prompts, each of one token or more; of a longer one only its last P tokens count.
   * `uniforms` holds N rows of B numbers in (0, 1): entry [n · B + b] draws token n of prompt b. Greedy needs none.
   * @throws RangeError on too many prompts, an empty one, or another number of uniforms
   */
  sample(params: Parameters, prompts: readonly Tokens[], uniforms?: Float32Array): Promise<Samples>;
  release(): Promise<void>;
}

/** @throws RangeError when prompt and new tokens together exceed the model's positions */
export async function createSampler(config: Gpt2Config, settings: SamplerSettings): Promise<Sampler> {
  const { batch, promptTokens, newTokens, greedy = false } = settings;
  if (promptTokens + newTokens - 1 > config.numPositions) {
    throw new RangeError(
      `createSampler: expected at most ${config.numPositions} positions (n_positions), got ${promptTokens} + ${newTokens} tokens`,
    );
  }
  const session = await openSession(samplerProgram(config, settings, settings), settings);
  const weights = new ResidentTensors(deviceMemory(settings));
  return {
    async sample(params, prompts, uniforms = greedy ? new Float32Array(batch * newTokens) : new Float32Array(0)) {
      checkPrompts(prompts, batch);
      if (uniforms.length !== batch * newTokens) {
        throw new RangeError(`sample: expected ${newTokens} × ${batch} uniforms, got ${uniforms.length}`);
      }
      const filled = Array.from({ length: batch }, (_, row) => prompts[row] ?? [0]);
      const { ids, mask } = padLeft(filled, promptTokens, 0);
      const result = await session.run({
        ...(await weights.feeds(parameterFeeds(params))),
        promptIds: ids,
        promptMask: mask,
        uniforms: hostTensor('float32', [newTokens, batch], uniforms),
      });
      return samplesOf(result, prompts.length, newTokens);
    },
    release: () => {
      weights.release();
      return session.release();
    },
  };
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

function samplesOf(result: Readonly<Record<string, HostTensor>>, prompts: number, newTokens: number): Samples {
  const { tokens, logProbs } = result;
  if (!(tokens?.data instanceof Int32Array) || !(logProbs?.data instanceof Float32Array)) {
    throw new RangeError('sample: expected int32 tokens and float32 logProbs from the run');
  }
  const all = Array.from(tokens.data);
  return {
    tokens: Array.from({ length: prompts }, (_, row) => all.slice(row * newTokens, (row + 1) * newTokens)),
    logProbs: logProbs.data.slice(0, prompts * newTokens),
  };
}

/** The tokens before the first stop token. */
export function cutAtStop(tokens: Tokens, stopTokens: readonly number[]): number[] {
  const end = tokens.findIndex((token) => stopTokens.includes(token));
  return tokens.slice(0, end < 0 ? tokens.length : end);
}

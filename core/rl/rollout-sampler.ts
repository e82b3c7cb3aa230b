/** Draws one response of fixed length to each prompt, in chunks of equal size. */

import { createSampler } from '../generate/index.js';
import type { Parameters } from '../nn/index.js';
import type { Tokens } from './episodes.js';
import { stepsPerSession } from './minibatches.js';
import type { PpoPlan } from './ppo-plan.js';
import { splitValueHead } from './value-head.js';

export interface RolloutSampler {
  /**
   * One response of T tokens a prompt. `uniforms` [B·T]: entry [b·T + t] draws token t of episode b, whatever the chunk.
   * `parameters` are policy and value head; prompts fill whole chunks.
   */
  sample(parameters: Parameters, queries: readonly Tokens[], uniforms: Float32Array): Promise<Tokens[]>;
  release(): Promise<void>;
}

export async function openRolloutSampler({
  config,
  settings,
  temperature,
  layout,
  rolloutRows,
}: PpoPlan): Promise<RolloutSampler> {
  const { topK, ...runtime } = settings;
  // One token's logits at a time: T times as many rows as the scorer reads fit into the same memory.
  const rows = stepsPerSession(settings.batchSize, rolloutRows * settings.responseTokens);
  const { queryTokens: promptTokens, responseTokens: newTokens } = layout;
  const limits = topK > 0 ? { topK } : {};
  const sampler = await createSampler(config, {
    ...runtime,
    batch: rows,
    promptTokens,
    newTokens,
    temperature,
    ...limits,
  });
  return {
    sample: async (parameters, queries, uniforms) => {
      const { policy } = splitValueHead(parameters);
      const responses: Tokens[] = [];
      for (let first = 0; first < queries.length; first += rows) {
        const draws = uniforms.subarray(first * newTokens, (first + rows) * newTokens);
        const { tokens } = await sampler.sample(
          policy,
          queries.slice(first, first + rows),
          transposed(draws, newTokens),
        );
        responses.push(...tokens);
      }
      return responses;
    },
    release: () => sampler.release(),
  };
}

/** [rows, width] → [width, rows] */
function transposed(block: Float32Array, width: number): Float32Array {
  const rows = block.length / width;
  return block.map((_, i) => block[(i % rows) * width + Math.floor(i / rows)]!);
}

/** Draws one response of fixed length to each prompt, in chunks of equal size. */

import { createSampler } from '../generate/index.js';
import type { Parameters } from '../nn/index.js';
import type { Tokens } from './episodes.js';
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
  const { queryTokens: promptTokens, responseTokens: newTokens } = layout;
  const limits = topK > 0 ? { topK } : {};
  const sampler = await createSampler(config, {
    ...runtime,
    batch: rolloutRows,
    promptTokens,
    newTokens,
    temperature,
    ...limits,
  });
  return {
    sample: async (parameters, queries, uniforms) => {
      const { policy } = splitValueHead(parameters);
      const responses: Tokens[] = [];
      for (let first = 0; first < queries.length; first += rolloutRows) {
        const draws = uniforms.subarray(first * newTokens, (first + rolloutRows) * newTokens);
        const { tokens } = await sampler.sample(
          policy,
          queries.slice(first, first + rolloutRows),
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

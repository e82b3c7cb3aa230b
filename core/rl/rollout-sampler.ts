/** Draws one response of fixed length to each prompt, in chunks of equal size, and reads it as it is drawn where it can. */

import { createSampler } from '../generate/index.js';
import type { Samples } from '../generate/index.js';
import type { Parameters } from '../nn/index.js';
import type { Tokens, TokenRows } from './episodes.js';
import { joined } from './joined.js';
import { stepsPerSession } from './minibatches.js';
import type { PpoPlan } from './ppo-plan.js';
import { rolloutReader } from './rollout-reader.js';
import type { RolloutScorer, TokenScores } from './rollout-scorer.js';
import { splitValueHead } from './value-head.js';

export interface DrawnResponses {
  readonly responses: readonly Tokens[]; // [B], T tokens each
  /** What the policy says of them; `rows` are prompts and responses, padded. */
  score(rows: TokenRows): Promise<TokenScores>;
}

export interface RolloutSampler {
  /**
   * One response of T tokens a prompt. `uniforms` [B·T]: entry [b·T + t] draws token t of episode b, whatever the chunk.
   * `parameters` are policy and value head; prompts fill whole chunks.
   */
  sample(parameters: Parameters, queries: readonly Tokens[], uniforms: Float32Array): Promise<DrawnResponses>;
  release(): Promise<void>;
}

/**
 * @param openScorer reads whole responses: needed where values are read a token early, as the first of them then stands in
 * front of all that the sampler computes.
 */
export async function openRolloutSampler(
  { config, settings, profile, temperature, layout, rolloutRows }: PpoPlan,
  openScorer: () => Promise<RolloutScorer<TokenScores>>,
): Promise<RolloutSampler> {
  const { topK, ...runtime } = settings;
  // One token's logits at a time: T times as many rows as the scorer reads fit into the same memory.
  const rows = stepsPerSession(settings.batchSize, rolloutRows * settings.responseTokens);
  const { queryTokens: promptTokens, responseTokens: newTokens } = layout;
  const limits = topK > 0 ? { topK } : {};
  const scorer = profile.valueOffset === 0 ? undefined : await openScorer();
  const sampler = await createSampler(config, {
    ...runtime,
    batch: rows,
    promptTokens,
    newTokens,
    temperature,
    ...limits,
    ...(!scorer && { reader: rolloutReader(config.width, profile) }),
  });
  return {
    sample: async (parameters, queries, uniforms) => {
      const weights = scorer ? splitValueHead(parameters).policy : parameters;
      const chunks: Samples[] = [];
      for (let first = 0; first < queries.length; first += rows) {
        const draws = transposed(uniforms.subarray(first * newTokens, (first + rows) * newTokens), newTokens);
        chunks.push(await sampler.sample(weights, queries.slice(first, first + rows), draws));
      }
      return {
        responses: chunks.flatMap(({ tokens }) => tokens),
        score: async (tokenRows) => (scorer ? scorer.score(parameters, tokenRows) : scoresOf(chunks)),
      };
    },
    release: async () => {
      await sampler.release();
      await scorer?.release();
    },
  };
}

function scoresOf(chunks: readonly Samples[]): TokenScores {
  const read = (name: keyof TokenScores): Float32Array => joined(chunks.map((chunk) => chunk.read[name]!));
  return { logProbs: read('logProbs'), values: read('values'), entropy: read('entropy') };
}

/** [rows, width] → [width, rows] */
function transposed(block: Float32Array, width: number): Float32Array {
  const rows = block.length / width;
  return block.map((_, i) => block[(i % rows) * width + Math.floor(i / rows)]!);
}

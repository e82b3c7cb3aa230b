/** Reads rollouts with a model: feeds rows in equal chunks and joins what comes back. */

import { deviceMemory, openSession, ResidentTensors } from '../backends/index.js';
import type { SessionOptions } from '../backends/index.js';
import type { Program, Signature, Spec } from '../ir/index.js';
import { parameterFeeds } from '../nn/index.js';
import type { Gpt2Config, Parameters } from '../nn/index.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import type { TokenRows } from './episodes.js';
import { joined } from './joined.js';
import { referenceProgram, scoreProgram } from './score-graph.js';
import type { ScoreGraphOptions } from './score-graph.js';

/** Each [B·T]. */
export interface TokenScores {
  readonly logProbs: Float32Array;
  readonly values: Float32Array;
  readonly entropy: Float32Array;
}

/**
 * Reads with a model's parameters and the value head's; the number of rows is a multiple of the scorer's. The weights stay on
 * the device.
 */
export interface RolloutScorer<T> {
  score(parameters: Parameters, rows: TokenRows): Promise<T>;
  release(): Promise<void>;
}

/** Reads everything of a response. */
export async function openRolloutScorer(
  config: Gpt2Config,
  options: ScoreGraphOptions,
  runtime: SessionOptions,
): Promise<RolloutScorer<TokenScores>> {
  return openScorer(scoreProgram(config, options), options, runtime, (read) => ({
    logProbs: read('logProbs'),
    values: read('values'),
    entropy: read('entropy'),
  }));
}

/** Reads log-probabilities alone, which is all that is asked of the reference. */
export async function openReferenceScorer(
  config: Gpt2Config,
  options: ScoreGraphOptions,
  runtime: SessionOptions,
): Promise<RolloutScorer<Float32Array>> {
  return openScorer(referenceProgram(config, options), options, runtime, (read) => read('logProbs'));
}

async function openScorer<N extends string, T>(
  scoring: Program<Signature, { readonly [K in N]: Spec<'float32'> }>,
  options: ScoreGraphOptions,
  runtime: SessionOptions,
  result: (read: (name: N) => Float32Array) => T,
): Promise<RolloutScorer<T>> {
  const session = await openSession(scoring, runtime);
  const weights = new ResidentTensors(deviceMemory(runtime));
  return {
    score: async (parameters, rows) => {
      const feeds = await weights.feeds(parameterFeeds(parameters));
      const chunks: { readonly [K in N]: HostTensor<'float32'> }[] = [];
      for (let first = 0; first < rows.tokens.shape[0]!; first += options.rows) {
        chunks.push(await session.run({ ...feeds, ...chunkFeeds(rows, first, options) }));
      }
      return result((name) => joined(chunks.map((chunk) => chunk[name].data)));
    },
    release: () => {
      weights.release();
      return session.release();
    },
  };
}

function chunkFeeds(
  { tokens, mask }: TokenRows,
  first: number,
  { rows, padded }: ScoreGraphOptions,
): Record<string, HostTensor<'int32'>> {
  const chunk = (whole: HostTensor<'int32'>): HostTensor<'int32'> => {
    const width = whole.shape[1]!;
    return hostTensor('int32', [rows, width], whole.data.subarray(first * width, (first + rows) * width));
  };
  return { tokens: chunk(tokens), ...(padded && { mask: chunk(mask) }) };
}

/** Reads rollouts with a model: feeds rows in equal chunks and joins what comes back. */

import { deviceMemory, openSession, ResidentTensors } from '../backends/index.js';
import type { SessionOptions } from '../backends/index.js';
import { parameterFeeds } from '../nn/index.js';
import type { Gpt2Config, Parameters } from '../nn/index.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import type { TokenRows } from './episodes.js';
import { joined } from './joined.js';
import { scoreProgram } from './score-graph.js';
import type { ScoreGraphOptions } from './score-graph.js';

/** Each [B·T]. */
interface TokenScores {
  readonly logProbs: Float32Array;
  readonly values: Float32Array;
  readonly entropy: Float32Array;
}

/** Whose log-probabilities are asked for. */
export type ScoredModel = 'policy' | 'reference';

export interface RolloutScorer {
  /**
   * `parameters` are a model's and the value head's; the number of rows is a multiple of the scorer's. The weights of both
   * models stay on the device.
   */
  score(parameters: Parameters, rows: TokenRows, model?: ScoredModel): Promise<TokenScores>;
  release(): Promise<void>;
}

export async function openRolloutScorer(
  config: Gpt2Config,
  options: ScoreGraphOptions,
  runtime: SessionOptions,
): Promise<RolloutScorer> {
  const session = await openSession(scoreProgram(config, options), runtime);
  const memory = deviceMemory(runtime);
  const weights = { policy: new ResidentTensors(memory), reference: new ResidentTensors(memory) };
  return {
    score: async (parameters, rows, model = 'policy') => {
      const feeds = await weights[model].feeds(parameterFeeds(parameters));
      const chunks: { readonly [N in keyof TokenScores]: HostTensor<'float32'> }[] = [];
      for (let first = 0; first < rows.tokens.shape[0]!; first += options.rows) {
        chunks.push(await session.run({ ...feeds, ...chunkFeeds(rows, first, options) }));
      }
      return {
        logProbs: joined(chunks.map(({ logProbs }) => logProbs.data)),
        values: joined(chunks.map(({ values }) => values.data)),
        entropy: joined(chunks.map(({ entropy }) => entropy.data)),
      };
    },
    release: () => {
      for (const resident of Object.values(weights)) resident.release();
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

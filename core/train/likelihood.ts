/** Measures how likely a GPT-2 finds texts. Holds one session a length bucket. Knows no training. */

import { openSession } from '../backends/index.js';
import type { SessionOptions } from '../backends/index.js';
import { Graph, program } from '../ir/index.js';
import type { Gpt2Config } from '../nn/gpt2-config.js';
import { gpt2ParameterSpecs } from '../nn/gpt2-parameters.js';
import { gpt2Hidden, lmLogits } from '../nn/gpt2.js';
import { parameterFeeds, parameterInputs } from '../nn/graph-parameters.js';
import { crossEntropy, IGNORED, nextTokenTargets } from '../nn/loss.js';
import { shapesOf } from '../nn/parameters.js';
import type { Parameters } from '../nn/parameters.js';
import { BucketSessions } from './bucket-sessions.js';
import { batchesByLength, lengthBuckets } from './data-order.js';
import { padRight } from './padding.js';
import type { Tokens } from './padding.js';

export interface LikelihoodSettings extends SessionOptions {
  readonly maxTokens: number;
  readonly batchSize: number;
}

export class LikelihoodMeter {
  readonly #sessions = new BucketSessions();

  constructor(
    private readonly config: Gpt2Config,
    private readonly settings: LikelihoodSettings,
  ) {}

  /**
   * Summed negative log-likelihood in nats over every token but each text's first, and the number of those tokens.
   * @param labels the texts with IGNORED in place of tokens that are not to count
   */
  async measure(
    params: Parameters,
    texts: readonly Tokens[],
    labels: readonly Tokens[] = texts,
  ): Promise<{ sum: number; count: number }> {
    const buckets = lengthBuckets(Math.min(this.settings.maxTokens, this.config.numPositions));
    const feeds = parameterFeeds(params);
    const total = { sum: 0, count: 0 };
    for (const { tokens, texts: numbers } of batchesByLength(
      texts.map((text) => text.length),
      buckets,
      this.settings.batchSize,
    )) {
      const open = () => openSession(likelihoodProgram(this.config, this.settings.batchSize, tokens), this.settings);
      const session = await this.#sessions.get(tokens, open);
      const batch = numbers.map((i) => texts[i]!);
      const meant = numbers.map((i) => labels[i]!);
      const { sum, count } = await session.run({
        ...feeds,
        inputIds: padRight(batch, this.settings.batchSize, tokens, 0),
        labels: padRight(meant, this.settings.batchSize, tokens, IGNORED),
      });
      total.sum += Number(sum?.data[0]);
      total.count += Number(count?.data[0]);
    }
    return total;
  }

  release(): Promise<void> {
    return this.#sessions.release();
  }
}

function likelihoodProgram(config: Gpt2Config, batchSize: number, tokens: number) {
  const graph = new Graph('likelihood');
  const parameters = parameterInputs(graph, shapesOf(gpt2ParameterSpecs(config)));
  const inputIds = graph.input('inputIds', 'int32', [batchSize, tokens]);
  const labels = graph.input('labels', 'int32', [batchSize, tokens]);
  const logits = lmLogits(parameters, gpt2Hidden(config, parameters, { inputIds }));
  const { sum, count } = crossEntropy(logits, nextTokenTargets(labels));
  return program(graph, { outputs: { sum, count } });
}

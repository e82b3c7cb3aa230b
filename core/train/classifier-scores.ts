/** Class scores of texts by a BERT classifier. Holds one session a length bucket. Knows no training. */

import { deviceMemory, openSession, ResidentTensors } from '../backends/index.js';
import type { SessionOptions } from '../backends/index.js';
import { Graph, program } from '../ir/index.js';
import type { BertConfig } from '../nn/bert-config.js';
import { bertParameterSpecs } from '../nn/bert-parameters.js';
import { bertLogits } from '../nn/bert.js';
import { parameterFeeds, parameterInputs } from '../nn/graph-parameters.js';
import { shapesOf } from '../nn/parameters.js';
import type { Parameters } from '../nn/parameters.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { BucketSessions } from './bucket-sessions.js';
import { batchesByLength, lengthBuckets } from './data-order.js';
import { padRight, rightMask } from './padding.js';
import type { Tokens } from './padding.js';

export interface ScoringSettings extends SessionOptions {
  /** Longer texts are cut, their last token kept: it is the separator. */
  readonly maxTokens: number;
  readonly batchSize: number;
}

export class ClassifierScorer {
  readonly #sessions = new BucketSessions();
  readonly #weights: ResidentTensors;

  constructor(
    private readonly config: BertConfig,
    private readonly settings: ScoringSettings,
  ) {
    this.#weights = new ResidentTensors(deviceMemory(settings));
  }

  /** Scores before softmax: [texts, classes]. Each text has its own start and separator tokens. */
  async logits(params: Parameters, texts: readonly Tokens[]): Promise<HostTensor<'float32'>> {
    const { batchSize, maxTokens } = this.settings;
    const { numLabels, numPositions, padTokenId } = this.config;
    const longest = Math.min(maxTokens, numPositions);
    const cut = texts.map((text) => cutKeepingLast(text, longest));
    const result = new Float32Array(texts.length * numLabels);
    const feeds = await this.#weights.feeds(parameterFeeds(params));
    for (const { tokens, texts: numbers } of batchesByLength(
      cut.map((text) => text.length),
      lengthBuckets(longest),
      batchSize,
    )) {
      const open = () => openSession(scoringProgram(this.config, this.settings.batchSize, tokens), this.settings);
      const session = await this.#sessions.get(tokens, open);
      const batch = numbers.map((i) => cut[i]!);
      const { logits } = await session.run({
        ...feeds,
        inputIds: padRight(batch, batchSize, tokens, padTokenId),
        attentionMask: attendable(rightMask(batch, batchSize, tokens), batch.length),
      });
      if (!(logits?.data instanceof Float32Array))
        throw new RangeError('classify: expected float32 logits from the run');
      for (const [row, text] of numbers.entries())
        result.set(logits.data.subarray(row * numLabels, (row + 1) * numLabels), text * numLabels);
    }
    return hostTensor('float32', [texts.length, numLabels], result);
  }

  release(): Promise<void> {
    this.#weights.release();
    return this.#sessions.release();
  }
}

/** Rows without a text attend to their first position, so that no row is empty. */
function attendable(mask: HostTensor<'int32'>, texts: number): HostTensor<'int32'> {
  const [rows = 0, tokens = 0] = mask.shape;
  for (let row = texts; row < rows; row++) mask.data[row * tokens] = 1;
  return mask;
}

/** A text cut to `maxTokens`, its last token (the separator) kept. */
export function cutKeepingLast(text: Tokens, maxTokens: number): Tokens {
  return text.length <= maxTokens ? text : [...text.slice(0, maxTokens - 1), text.at(-1) ?? 0];
}

function scoringProgram(config: BertConfig, batchSize: number, tokens: number) {
  const graph = new Graph('classify');
  const parameters = parameterInputs(graph, shapesOf(bertParameterSpecs(config)));
  const inputIds = graph.input('inputIds', 'int32', [batchSize, tokens]);
  const attentionMask = graph.input('attentionMask', 'int32', [batchSize, tokens]);
  return program(graph, { outputs: { logits: bertLogits(config, parameters, { inputIds, attentionMask }) } });
}

/** Scores of texts by one classifier, once. @see ClassifierScorer for repeated use */
export async function classify(
  config: BertConfig,
  params: Parameters,
  texts: readonly Tokens[],
  settings: ScoringSettings,
): Promise<HostTensor<'float32'>> {
  const scorer = new ClassifierScorer(config, settings);
  try {
    return await scorer.logits(params, texts);
  } finally {
    await scorer.release();
  }
}

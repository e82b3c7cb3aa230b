/** What is read of each token as it is drawn, beside the token itself. Knows neither how it is drawn nor what it is read for. */

import { gatherElements, log, max, mul, reduceSum, reshape, softmax, sub } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import { SMALLEST_PROBABILITY } from '../nn/loss.js';
import type { ParameterShapes } from '../nn/parameters.js';
import { tempered } from './sampling.js';

/** A token that was drawn, and what it was drawn from. */
export interface DrawnToken {
  /** State in front of the token. */
  readonly hidden: Value<'float32'>; // [B, C]
  readonly logits: Value<'float32'>; // [B, V]
  readonly token: Value<'int32'>; // [B]
  readonly parameters: ParameterValues;
}

export interface TokenReader {
  /** Of the parameters that it needs beside the model's. */
  readonly parameterShapes?: ParameterShapes;
  /** One number a text under each name, [B]. */
  read(drawn: DrawnToken): Readonly<Record<string, Value<'float32'>>>;
}

/** Reads `logProbs`. @see drawnLogProbs */
export function logProbReader(temperature: number): TokenReader {
  return { read: (drawn) => ({ logProbs: drawnLogProbs(drawn, temperature).logProbs }) };
}

/**
 * The token's log-probability, and the entropy in nats of what it was drawn from: over the whole vocabulary, forbidden and
 * cut-off tokens included, at this temperature, whatever shaped the draw. With z the scores, H = z[token] − log p[token] − Σ p z.
 */
export function drawnLogProbs({ logits, token }: DrawnToken, temperature: number) {
  const [batch = 1] = token.shape;
  const scores = tempered(logits, temperature); // [B, V]
  const probabilities = softmax(scores, 1); // the draw's own where nothing else shapes it
  const ofToken = (all: Value<'float32'>) => reshape(gatherElements(all, reshape(token, [batch, 1]), 1), [batch]);
  const logProbs = log(max(ofToken(probabilities), SMALLEST_PROBABILITY)); // [B]
  const meanScore = reduceSum(mul(probabilities, scores), [1]); // [B]
  return { logProbs, entropy: sub(sub(ofToken(scores), logProbs), meanScore) };
}

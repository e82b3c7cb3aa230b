/** Log-probability, value and entropy of every response token, as a graph. Computes logits for the response alone. */

import { exp, logSoftmax, matMul, mul, neg, reduceSum, slice } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { gpt2Hidden, parameter, tokenLogProbs, valueHead } from '../nn/index.js';
import type { Gpt2Config, ParameterValues } from '../nn/index.js';
import type { PpoProfile } from './profiles.js';
import { maskedDropout } from './value-dropout.js';
import type { ValueKeep } from './value-dropout.js';

/** How one padded row is laid out: Q prompt tokens, then T response tokens. */
export interface RowLayout {
  readonly queryTokens: number; // Q
  readonly responseTokens: number; // T
}

export interface ResponseInput {
  /** [B, Q + T] */
  readonly tokens: Value<'int32'>;
  /** 0 on left padding, [B, Q + T]; left out when no prompt is padded. */
  readonly mask?: Value<'int32'>;
  /** Masks of the value head's dropout; left out, nothing is dropped. */
  readonly keep?: ValueKeep;
}

export type ResponseOptions = RowLayout & Pick<PpoProfile, 'logProbTemperature' | 'valueActivation'>;

/** Each [B, T]. */
export type ResponseScores = {
  readonly logProbs: Value<'float32'>;
  readonly values: Value<'float32'>;
  readonly entropy: Value<'float32'>;
};

/** What the heads read and give before any logits: the states in front of the response tokens, these tokens, the values. */
export interface ResponseStates {
  readonly hidden: Value<'float32'>; // [B, T, C]
  readonly response: Value<'int32'>; // [B, T]
  readonly values: Value<'float32'>; // [B, T]
}

/**
 * The state before response token t stands at position Q − 1 + t, so the last token is never fed.
 * @param valueOffset reads the values this many positions earlier.
 */
export function responseStates(
  config: Gpt2Config,
  parameters: ParameterValues,
  { tokens, mask, keep }: ResponseInput,
  options: ResponseOptions,
  valueOffset: 0 | 1 = 0,
): ResponseStates {
  const { queryTokens, responseTokens } = options;
  const fed = { axis: 1, start: 0, end: queryTokens + responseTokens - 1 };
  const tail = responseTokens + valueOffset;
  const input = { inputIds: slice(tokens, fed), ...(mask && { attentionMask: slice(mask, fed) }), tail };
  const hidden = gpt2Hidden(config, parameters, input); // [B, T + valueOffset, C]
  const window = (offset: number): Value<'float32'> =>
    slice(hidden, { axis: 1, start: valueOffset - offset, end: tail - offset }); // [B, T, C]
  return {
    hidden: window(0),
    response: slice(tokens, { axis: 1, start: queryTokens }),
    values: valueHead(window(valueOffset), parameter(parameters, 'value_weight'), parameter(parameters, 'value_bias'), {
      activation: options.valueActivation,
      ...(keep && { dropout: maskedDropout(keep) }),
    }),
  };
}

/** Log-probabilities, values and entropy without gradients. */
export function responseScores(
  config: Gpt2Config,
  parameters: ParameterValues,
  input: ResponseInput,
  options: ResponseOptions,
  valueOffset: 0 | 1 = 0,
): ResponseScores {
  const { hidden, response, values } = responseStates(config, parameters, input, options, valueOffset);
  return { ...tokenScores(parameters, hidden, response, options.logProbTemperature), values };
}

function tokenScores(
  parameters: ParameterValues,
  hidden: Value<'float32'>, // [B, T, C]
  response: Value<'int32'>, // [B, T]
  temperature: number,
): Pick<ResponseScores, 'logProbs' | 'entropy'> {
  const embedding = parameter(parameters, 'transformer.wte.weight'); // [V, C]
  const logits = matMul(hidden, embedding, { transB: true, alpha: 1 / temperature }); // [B, T, V]
  const all = logSoftmax(logits, 2);
  return { logProbs: tokenLogProbs(logits, response), entropy: neg(reduceSum(mul(exp(all), all), [2])) };
}

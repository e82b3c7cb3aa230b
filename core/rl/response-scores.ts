/** Log-probability, value and entropy of every response token, as a graph. Computes logits for the response alone. */

import { add, exp, gatherElements, logSoftmax, matMul, mul, neg, reduceSum, reshape, slice, tanh } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { gpt2Hidden } from '../nn/gpt2.js';
import type { Gpt2Config } from '../nn/gpt2-config.js';
import { parameter } from '../nn/graph-parameters.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import type { PpoProfile } from './profiles.js';

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
}

export type ResponseOptions = RowLayout & Pick<PpoProfile, 'logProbTemperature' | 'valueActivation'>;

/** Each [B, T]. */
export interface ResponseScores {
  readonly logProbs: Value<'float32'>;
  readonly values: Value<'float32'>;
  readonly entropy: Value<'float32'>;
}

/**
 * The state before response token t stands at position Q − 1 + t, so the last token is never fed.
 * @param valueOffset reads the values this many positions earlier.
 */
export function responseScores(
  config: Gpt2Config,
  parameters: ParameterValues,
  { tokens, mask }: ResponseInput,
  options: ResponseOptions,
  valueOffset: 0 | 1 = 0,
): ResponseScores {
  const { queryTokens, responseTokens } = options;
  const fed = { axis: 1, start: 0, end: queryTokens + responseTokens - 1 };
  const input = { inputIds: slice(tokens, fed), ...(mask && { attentionMask: slice(mask, fed) }) };
  const hidden = gpt2Hidden(config, parameters, input); // [B, Q + T − 1, C]
  const window = (offset: number): Value<'float32'> =>
    slice(hidden, { axis: 1, start: queryTokens - 1 - offset, end: queryTokens + responseTokens - 1 - offset }); // [B, T, C]
  const response = slice(tokens, { axis: 1, start: queryTokens });
  return {
    ...tokenScores(parameters, window(0), response, options.logProbTemperature),
    values: valueHead(parameters, window(valueOffset), options.valueActivation),
  };
}

function tokenScores(
  parameters: ParameterValues,
  hidden: Value<'float32'>, // [B, T, C]
  response: Value<'int32'>, // [B, T]
  temperature: number,
): Pick<ResponseScores, 'logProbs' | 'entropy'> {
  const embedding = parameter(parameters, 'transformer.wte.weight'); // [V, C]
  const all = logSoftmax(matMul(hidden, embedding, { transB: true, alpha: 1 / temperature })); // [B, T, V]
  const taken = gatherElements(all, reshape(response, [...response.shape, 1]), 2); // [B, T, 1]
  return { logProbs: reshape(taken, response.shape), entropy: neg(reduceSum(mul(exp(all), all), [2])) };
}

/** One number a token: activation(h · w + b), [B, T]. Its dropout is off: it would break repeatability of old values. */
function valueHead(
  parameters: ParameterValues,
  hidden: Value<'float32'>, // [B, T, C]
  activation: PpoProfile['valueActivation'],
): Value<'float32'> {
  const [batch = 1, tokens = 1, width = 1] = hidden.shape;
  const column = reshape(parameter(parameters, 'value_weight'), [width, 1]);
  const linear = add(reshape(matMul(hidden, column), [batch, tokens]), parameter(parameters, 'value_bias'));
  return activation === 'tanh' ? tanh(linear) : linear;
}

/** Forward pass and PPO losses of one minibatch as a graph. Knows no optimiser. */

import { gradients } from '../autodiff/index.js';
import type { Seed } from '../autodiff/index.js';
import { gather, reduceMean, reshape } from '../ir/index.js';
import type { Graph, Value } from '../ir/index.js';
import { gpt2ParameterSpecs, headLogProbs, parameter, shapesOf } from '../nn/index.js';
import type { Gpt2Config, ParameterShapes, ParameterValues } from '../nn/index.js';
import type { Shape } from '../tensor.js';
import { ppoLoss } from './ppo-loss.js';
import type { PpoLoss, PpoLossOptions } from './ppo-loss.js';
import { responseStates } from './response-scores.js';
import type { ResponseOptions } from './response-scores.js';
import { valueKeepInputs } from './value-dropout.js';
import type { ValueKeep } from './value-dropout.js';
import { valueHeadShapes } from './value-head.js';

type Floats = Value<'float32'>;

export interface MinibatchOptions extends ResponseOptions, PpoLossOptions {
  readonly padded: boolean;
  /** M */
  readonly minibatchSize: number;
  /** Share of the value head's inputs and outputs that is dropped; 0 = none. */
  readonly valueDropout: number;
}

/** What one optimiser step learns from. */
export interface MinibatchValues {
  readonly tokens: Value<'int32'>; // [M, Q + T]
  readonly mask?: Value<'int32'>; // [M, Q + T]
  readonly keep?: ValueKeep;
  readonly oldLogProbs: Floats; // [M, T]
  readonly oldValues: Floats; // [M, T]
  readonly advantages: Floats; // [M, T]
  readonly returns: Floats; // [M, T]
}

/** Names and shapes of policy and value head. */
export function ppoParameterShapes(config: Gpt2Config): ParameterShapes {
  return { ...shapesOf(gpt2ParameterSpecs(config)), ...valueHeadShapes(config.width) };
}

/** Declares one input for each part of a minibatch, behind `leading` axes. */
export function minibatchInputs(
  graph: Graph,
  { width }: Gpt2Config,
  leading: Shape,
  options: MinibatchOptions,
): MinibatchValues {
  const row = [...leading, options.minibatchSize, options.queryTokens + options.responseTokens];
  const response = [...leading, options.minibatchSize, options.responseTokens];
  return {
    tokens: graph.input('tokens', 'int32', row),
    ...(options.padded && { mask: graph.input('mask', 'int32', row) }),
    ...(options.valueDropout > 0 && { keep: valueKeepInputs(graph, leading, { ...options, width }) }),
    oldLogProbs: graph.input('oldLogProbs', 'float32', response),
    oldValues: graph.input('oldValues', 'float32', response),
    advantages: graph.input('advantages', 'float32', response),
    returns: graph.input('returns', 'float32', response),
  };
}

/** One of several stacked minibatches. */
export function minibatchAt(stacked: MinibatchValues, step: Value<'int64'>): MinibatchValues {
  return {
    tokens: gather(stacked.tokens, step),
    ...(stacked.mask && { mask: gather(stacked.mask, step) }),
    ...(stacked.keep && {
      keep: { keepIn: gather(stacked.keep.keepIn, step), keepOut: gather(stacked.keep.keepOut, step) },
    }),
    oldLogProbs: gather(stacked.oldLogProbs, step),
    oldValues: gather(stacked.oldValues, step),
    advantages: gather(stacked.advantages, step),
    returns: gather(stacked.returns, step),
  };
}

export interface MinibatchLoss extends PpoLoss {
  /** Nats a response token, a scalar. */
  readonly updateEntropy: Floats;
  /** Gradients of the loss where it leaves the two heads. */
  readonly seeds: readonly Seed[];
}

export function minibatchLoss(
  config: Gpt2Config,
  parameters: ParameterValues,
  minibatch: MinibatchValues,
  options: MinibatchOptions,
): MinibatchLoss {
  const { hidden, response, values } = responseStates(config, parameters, minibatch, options);
  const embedding = parameter(parameters, 'transformer.wte.weight'); // [V, C]
  const states = reshape(hidden, [-1, config.width]); // [M·T, C]
  const head = headLogProbs(states, embedding, reshape(response, [-1]), config.vocabSize, options.logProbTemperature);
  const logProbs = reshape(head.logProbs, response.shape); // [M, T]
  const losses = ppoLoss({ ...minibatch, logProbs, values }, options);
  const [dLogProbs, dValues] = gradients(losses.loss, [logProbs, values]);
  const seeds = [...head.seeds(reshape(dLogProbs!, [-1, 1])), { value: values, gradient: dValues! }];
  return { ...losses, updateEntropy: reduceMean(head.entropy), seeds };
}

/** K optimiser steps of PPO as one program: a loop that carries parameters and moments. Runs nothing. */

import { gradients } from '../autodiff/index.js';
import { concat, gather, Graph, loop, program, reduceMean, reshape } from '../ir/index.js';
import type { Program, Value } from '../ir/index.js';
import { gpt2ParameterSpecs } from '../nn/gpt2-parameters.js';
import type { Gpt2Config } from '../nn/gpt2-config.js';
import { parameterInputs } from '../nn/graph-parameters.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import { shapesOf } from '../nn/parameters.js';
import type { ParameterShapes } from '../nn/parameters.js';
import { adamStep, globalNorm } from '../optim/index.js';
import type { AdamScalars, AdamSettings } from '../optim/index.js';
import { ppoLoss } from './ppo-loss.js';
import type { PpoLoss, PpoLossOptions } from './ppo-loss.js';
import { responseScores } from './response-scores.js';
import type { ResponseOptions } from './response-scores.js';
import { stepColumns } from './update-stats.js';
import type { StepColumn } from './update-stats.js';
import { valueHeadShapes } from './value-head.js';

export interface UpdateGraphOptions extends ResponseOptions, PpoLossOptions {
  readonly padded: boolean;
  /** M */
  readonly minibatchSize: number;
  /** K */
  readonly steps: number;
  readonly adam: AdamSettings;
  /** 0 = no clipping. */
  readonly maxGradNorm: number;
}

type Floats = Value<'float32'>;

/** What one optimiser step reads. */
export interface MinibatchValues {
  readonly tokens: Value<'int32'>; // [M, Q + T]
  readonly mask?: Value<'int32'>; // [M, Q + T]
  readonly oldLogProbs: Floats; // [M, T]
  readonly oldValues: Floats; // [M, T]
  readonly advantages: Floats; // [M, T]
  readonly returns: Floats; // [M, T]
}

export interface MinibatchLoss extends PpoLoss {
  readonly updateEntropy: Floats;
}

/** Policy and value head. */
export function ppoParameterShapes(config: Gpt2Config): ParameterShapes {
  return { ...shapesOf(gpt2ParameterSpecs(config)), ...valueHeadShapes(config.width) };
}

/** Forward pass and losses of one minibatch. */
export function minibatchLoss(
  config: Gpt2Config,
  parameters: ParameterValues,
  minibatch: MinibatchValues,
  options: ResponseOptions & PpoLossOptions,
): MinibatchLoss {
  const { logProbs, values, entropy } = responseScores(config, parameters, minibatch, options);
  return { ...ppoLoss({ ...minibatch, logProbs, values }, options), updateEntropy: reduceMean(entropy) };
}

/** Declares the inputs of `count` minibatches, each stacked on a leading axis. */
export function minibatchInputs(graph: Graph, leading: readonly number[], options: ResponseOptions & { readonly padded: boolean }): MinibatchValues {
  const row = [...leading, options.queryTokens + options.responseTokens];
  const response = [...leading, options.responseTokens];
  return {
    tokens: graph.input('tokens', 'int32', row),
    ...(options.padded && { mask: graph.input('mask', 'int32', row) }),
    oldLogProbs: graph.input('oldLogProbs', 'float32', response),
    oldValues: graph.input('oldValues', 'float32', response),
    advantages: graph.input('advantages', 'float32', response),
    returns: graph.input('returns', 'float32', response),
  };
}

/**
 * Inputs: `tokens`, `mask` (where padded), `oldLogProbs`, `oldValues`, `advantages`, `returns`, each [K, M, …];
 * `lr`, `correction1`, `correction2` [K]; `param:…`, `m:…`, `v:…`.
 * Outputs: `param:…`, `m:…`, `v:…` after K steps, and `stats` [K, columns].
 */
export function updateProgram(config: Gpt2Config, options: UpdateGraphOptions): Program {
  const graph = new Graph('ppo-update');
  const shapes = ppoParameterShapes(config);
  const minibatches = minibatchInputs(graph, [options.steps, options.minibatchSize], options);
  const scalars = scalarInputs(graph, options.steps);
  const { carried, scans } = loop(graph, {
    trip: options.steps,
    carried: stateInputs(graph, shapes),
    body: (iteration, state) => {
      const minibatch = mapValues(minibatches, (stacked) => gather(stacked, iteration, 0));
      const { loss, stats, scale, wrt } = lossAndGradients(config, state, minibatch, options);
    },
  });
  return program(graph, { outputs: { ...carried, ...scans } });
}

/** K optimiser steps of PPO as one program: a loop that carries parameters and both moments. Runs nothing. */

import { gradients } from '../autodiff/index.js';
import { concat, gather, Graph, loop, program, reduceMean, reshape } from '../ir/index.js';
import type { Program, Signature, Spec, Value } from '../ir/index.js';
import { gpt2ParameterSpecs, parameter, parameterInputs, shapesOf } from '../nn/index.js';
import type { Gpt2Config, ParameterShapes, ParameterValues } from '../nn/index.js';
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
  /** 0 = gradients are left as they are. */
  readonly maxGradNorm: number;
}

type Floats = Value<'float32'>;

/** What one optimiser step learns from. */
export interface MinibatchValues {
  readonly tokens: Value<'int32'>; // [M, Q + T]
  readonly mask?: Value<'int32'>; // [M, Q + T]
  readonly oldLogProbs: Floats; // [M, T]
  readonly oldValues: Floats; // [M, T]
  readonly advantages: Floats; // [M, T]
  readonly returns: Floats; // [M, T]
}

/** The three groups of values that training changes. */
interface TrainingState {
  readonly param: ParameterValues;
  readonly m: ParameterValues;
  readonly v: ParameterValues;
}

/** Names and shapes of policy and value head. */
export function ppoParameterShapes(config: Gpt2Config): ParameterShapes {
  return { ...shapesOf(gpt2ParameterSpecs(config)), ...valueHeadShapes(config.width) };
}

/** Declares one input for each part of a minibatch, behind `leading` axes. */
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

function minibatchAt(stacked: MinibatchValues, step: Value<'int64'>): MinibatchValues {
  return {
    tokens: gather(stacked.tokens, step),
    ...(stacked.mask && { mask: gather(stacked.mask, step) }),
    oldLogProbs: gather(stacked.oldLogProbs, step),
    oldValues: gather(stacked.oldValues, step),
    advantages: gather(stacked.advantages, step),
    returns: gather(stacked.returns, step),
  };
}

/** Forward pass and losses of one minibatch. */
export function minibatchLoss(
  config: Gpt2Config,
  parameters: ParameterValues,
  minibatch: MinibatchValues,
  options: ResponseOptions & PpoLossOptions,
): PpoLoss & { readonly updateEntropy: Floats } {
  const { logProbs, values, entropy } = responseScores(config, parameters, minibatch, options);
  return { ...ppoLoss({ ...minibatch, logProbs, values }, options), updateEntropy: reduceMean(entropy) };
}

/** Every output is a float32 tensor. */
export type UpdateOutputs = { readonly [name: string]: Spec<'float32'> };

/**
 * Inputs: `tokens`, `mask` (where padded), `oldLogProbs`, `oldValues`, `advantages`, `returns`, each [K, M, …];
 * `lr`, `correction1`, `correction2` [K]; `param:…`, `m:…`, `v:…`.
 * Outputs: `next.param:…`, `next.m:…`, `next.v:…` after K steps, and `stats` [K, columns].
 */
export function updateProgram(config: Gpt2Config, options: UpdateGraphOptions): Program<Signature, UpdateOutputs> {
  const graph = new Graph('ppo-update');
  const shapes = ppoParameterShapes(config);
  const names = Object.keys(shapes);
  const minibatches = minibatchInputs(graph, [options.steps, options.minibatchSize], options);
  const scalars = scalarInputs(graph, options.steps);
  const start: TrainingState = {
    param: parameterInputs(graph, shapes),
    m: momentInputs(graph, shapes, 'm'),
    v: momentInputs(graph, shapes, 'v'),
  };
  const { carried, scans } = loop(graph, {
    trip: options.steps,
    carried: flatState(start),
    body: (step, values) => {
      const { state, stats } = oneStep(config, groupedState(names, values), minibatchAt(minibatches, step), scalarsAt(scalars, step), options);
      return { carried: flatState(state), scans: { stats } };
    },
  });
  return program(graph, { outputs: { ...renamed(carried, 'next.'), stats: scans.stats } });
}

function oneStep(
  config: Gpt2Config,
  { param, m, v }: TrainingState,
  minibatch: MinibatchValues,
  scalars: AdamScalars,
  options: UpdateGraphOptions,
): { state: TrainingState; stats: Floats } {
  const losses = minibatchLoss(config, param, minibatch, options);
  const names = Object.keys(param);
  const slopes = gradients(losses.loss, names.map((name) => parameter(param, name)));
  const { norm, scale } = globalNorm(slopes, options.maxGradNorm);
  const clipping = options.maxGradNorm > 0 ? { gradientScale: scale } : {};
  const stepped = names.map((name, i) => {
    const before = { parameter: parameter(param, name), m: parameter(m, name), v: parameter(v, name) };
    return { name, ...adamStep(before, slopes[i]!, scalars, options.adam, clipping) };
  });
  const group = (part: 'parameter' | 'm' | 'v'): ParameterValues => Object.fromEntries(stepped.map((one) => [one.name, one[part]]));
  return { state: { param: group('parameter'), m: group('m'), v: group('v') }, stats: statsRow({ ...losses, gradNorm: norm }) };
}

/** One number a column, [columns]. */
function statsRow(figures: { readonly [C in StepColumn]: Floats }): Floats {
  return concat(stepColumns.map((column) => reshape(figures[column], [1])), 0);
}

function momentInputs(graph: Graph, shapes: ParameterShapes, moment: 'm' | 'v'): ParameterValues {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, graph.input(`${moment}:${name}`, 'float32', shape)]));
}

function scalarInputs(graph: Graph, steps: number): AdamScalars {
  const input = (name: string): Floats => graph.input(name, 'float32', [steps]);
  return { lr: input('lr'), correction1: input('correction1'), correction2: input('correction2') };
}

function scalarsAt({ lr, correction1, correction2 }: AdamScalars, step: Value<'int64'>): AdamScalars {
  return { lr: gather(lr, step), correction1: gather(correction1, step), correction2: gather(correction2, step) };
}

function renamed(values: ParameterValues, prefix: string): ParameterValues {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function flatState({ param, m, v }: TrainingState): ParameterValues {
  return { ...renamed(param, 'param:'), ...renamed(m, 'm:'), ...renamed(v, 'v:') };
}

function groupedState(names: readonly string[], values: ParameterValues): TrainingState {
  const group = (prefix: string): ParameterValues => Object.fromEntries(names.map((name) => [name, parameter(values, `${prefix}:${name}`)]));
  return { param: group('param'), m: group('m'), v: group('v') };
}

/**
 * Optimiser steps of PPO as programs: K steps as a loop that carries parameters and both moments, or the gradients of one, for an
 * optimiser outside. Runs nothing.
 */

import { concat, gather, Graph, program, repeat, reshape } from '../ir/index.js';
import type { Program, Signature, Spec, Value } from '../ir/index.js';
import { parameter, spacedGpt2 } from '../nn/index.js';
import type { Gpt2Config, ParameterValues } from '../nn/index.js';
import { adamStep, globalNorm, normOf } from '../optim/index.js';
import type { AdamScalars, AdamSettings } from '../optim/index.js';
import {
  carriedGradients,
  carriedLayout,
  carriedShapes,
  parametersOf,
  singleLayout,
  stateParts,
} from './carried-state.js';
import type { CarriedLayout } from './carried-state.js';
import { minibatchAt, minibatchInputs, minibatchLoss, ppoParameterShapes } from './minibatch-loss.js';
import type { MinibatchOptions, MinibatchValues } from './minibatch-loss.js';
import { lossColumns, stepColumns } from './update-stats.js';
import type { StepColumn } from './update-stats.js';

type Floats = Value<'float32'>;

export interface UpdateGraphOptions extends MinibatchOptions {
  /** K */
  readonly steps: number;
  readonly adam: AdamSettings;
  /** 0 = gradients are left as they are. */
  readonly maxGradNorm: number;
}

/** Every output is a float32 tensor. */
export type UpdateOutputs = { readonly [name: string]: Spec<'float32'> };

/**
 * Inputs: `tokens`, `mask` (where padded), `oldLogProbs`, `oldValues`, `advantages`, `returns`, each [K, M, …];
 * `keepIn`, `keepOut` (where the value head drops); `lr`, `correction1`, `correction2` [K]; the carried state.
 * Outputs: the carried state after K steps, each name behind `next.`, and `stats` [K, columns], and the tokens' `ratios` [K, M, T].
 */
export function updateProgram(config: Gpt2Config, options: UpdateGraphOptions): Program<Signature, UpdateOutputs> {
  const graph = new Graph('ppo-update');
  const layout = updateLayout(config);
  const minibatches = minibatchInputs(graph, config, [options.steps], options);
  const scalars = scalarInputs(graph, options.steps);
  const body = (step: Value<'int64'>, state: ParameterValues) => {
    const { next, ...scans } = oneStep(
      config,
      layout,
      state,
      minibatchAt(minibatches, step),
      scalarsAt(scalars, step),
      options,
    );
    return { carried: next, scans };
  };
  const { carried, scans } = repeat(graph, { trip: options.steps, carried: stateInputs(graph, layout), body });
  const outputs = Object.fromEntries(Object.entries(carried).map(([name, value]) => [`next.${name}`, value]));
  return program(graph, { outputs: { ...outputs, ...scans } });
}

type Scans = { readonly stats: Floats; readonly ratios: Floats };

/** How a policy's parameters and moments are carried through its updates. */
export function updateLayout(config: Gpt2Config): CarriedLayout {
  return carriedLayout(ppoParameterShapes(config), ppoParameterShapes(spacedGpt2(config)));
}

function stateInputs(graph: Graph, layout: CarriedLayout): ParameterValues {
  const shapes = Object.entries(carriedShapes(layout));
  const names = stateParts.flatMap((part) => shapes.map(([name, shape]) => ({ name: `${part}:${name}`, shape })));
  return Object.fromEntries(names.map(({ name, shape }) => [name, graph.input(name, 'float32', shape)]));
}

function oneStep(
  config: Gpt2Config,
  layout: CarriedLayout,
  state: ParameterValues,
  minibatch: MinibatchValues,
  scalars: AdamScalars,
  { adam, maxGradNorm, ...options }: UpdateGraphOptions,
): Scans & { next: ParameterValues } {
  const parameters = parametersOf(layout, state);
  const losses = minibatchLoss(config, parameters, minibatch, options);
  const slopes = carriedGradients(layout, parameters, losses.seeds);
  // Where nothing is clipped, the norm is told by the steps, which square the gradients anyway.
  const clipped = maxGradNorm > 0 ? globalNorm(slopes, maxGradNorm) : undefined;
  const clipping = clipped?.scale ? { gradientScale: clipped.scale } : {};
  const squares: Floats[] = [];
  const next = Object.keys(carriedShapes(layout)).flatMap((name, i) => {
    const before = {
      parameter: parameter(state, `param:${name}`),
      m: parameter(state, `m:${name}`),
      v: parameter(state, `v:${name}`),
    };
    const after = adamStep(before, slopes[i]!, scalars, adam, clipping);
    squares.push(after.squares);
    return [
      [`param:${name}`, after.parameter],
      [`m:${name}`, after.m],
      [`v:${name}`, after.v],
    ] as const;
  });
  const gradNorm = clipped?.norm ?? normOf(squares);
  const stats = statsRow(stepColumns, { ...losses, gradNorm });
  return { next: Object.fromEntries(next), stats, ratios: losses.ratio };
}

/** One number a column, [columns]. */
function statsRow<C extends StepColumn>(columns: readonly C[], figures: { readonly [N in C]: Floats }): Floats {
  return concat(
    columns.map((column) => reshape(figures[column], [1])),
    0,
  );
}

/** How the parameters of `updateGradientProgram` lie: each by itself. */
export function updateMemoryLayout(config: Gpt2Config): CarriedLayout {
  return singleLayout(ppoParameterShapes(config), ppoParameterShapes(spacedGpt2(config)));
}

/**
 * Inputs: `tokens`, `mask` (where padded), `oldLogProbs`, `oldValues`, `advantages`, `returns`, each [M, …]; `keepIn`, `keepOut`
 * (where the value head drops); each parameter behind `param:`. Outputs: each gradient behind `gradient:`, and `stats`
 * [columns but the norm of the gradients], and the tokens' `ratios` [M, T].
 */
export function updateGradientProgram(
  config: Gpt2Config,
  options: MinibatchOptions,
): Program<Signature, UpdateOutputs> {
  const graph = new Graph('ppo-gradients');
  const layout = updateMemoryLayout(config);
  const minibatch = minibatchInputs(graph, config, [], options);
  const shapes = Object.entries(carriedShapes(layout));
  const state = Object.fromEntries(
    shapes.map(([name, shape]) => [`param:${name}`, graph.input(`param:${name}`, 'float32', shape)]),
  );
  const parameters = parametersOf(layout, state);
  const losses = minibatchLoss(config, parameters, minibatch, options);
  const slopes = carriedGradients(layout, parameters, losses.seeds);
  const gradients = Object.fromEntries(shapes.map(([name], i) => [`gradient:${name}`, slopes[i]!]));
  return program(graph, { outputs: { ...gradients, stats: statsRow(lossColumns, losses), ratios: losses.ratio } });
}

function scalarInputs(graph: Graph, steps: number): AdamScalars {
  const input = (name: string): Floats => graph.input(name, 'float32', [steps]);
  return { lr: input('lr'), correction1: input('correction1'), correction2: input('correction2') };
}

function scalarsAt({ lr, correction1, correction2 }: AdamScalars, step: Value<'int64'>): AdamScalars {
  return { lr: gather(lr, step), correction1: gather(correction1, step), correction2: gather(correction2, step) };
}

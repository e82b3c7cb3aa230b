/** Optimiser steps on the CPU: a program gives the gradients, and the optimiser updates parameters and moments where they lie. */

import { openBoundSession } from '../backends/index.js';
import type { SessionOptions } from '../backends/index.js';
import type { Gpt2Config, Parameters } from '../nn/index.js';
import { AdamMemory } from '../optim/index.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { packPart, unpackPart } from './carried-state.js';
import type { StatePart } from './carried-state.js';
import { joined } from './joined.js';
import { dropoutFeeds, minibatchFeeds } from './minibatch-feeds.js';
import type { Feeds } from './minibatch-feeds.js';
import { updateGradientProgram, updateMemoryLayout } from './update-graph.js';
import { byColumn, joinedSteps, lossColumns } from './update-stats.js';
import type { StepReport } from './update-stats.js';
import type { Minibatch, PolicyUpdater, PolicyUpdaterOptions } from './updater-types.js';

type Tensors = Readonly<Record<string, HostTensor<'float32'>>>;

/** @throws AdamMemoryError, RuntimeFailureError */
export async function openMemoryUpdater(
  config: Gpt2Config,
  options: PolicyUpdaterOptions,
  runtime: SessionOptions,
): Promise<PolicyUpdater> {
  const layout = updateMemoryLayout(config);
  const { minibatchSize, responseTokens, adam, maxGradNorm } = options;
  const memory = new AdamMemory(layout.groups, { ...adam, maxNorm: maxGradNorm });
  const floats = (...shape: number[]) =>
    hostTensor('float32', shape, new Float32Array(shape.reduce((size, side) => size * side, 1)));
  const [stats, ratios] = [floats(lossColumns.length), floats(minibatchSize, responseTokens)];
  const session = await openBoundSession(updateGradientProgram(config, options), runtime, {
    feeds: named('param', memory.parameters),
    results: { ...named('gradient', memory.gradients), stats, ratios },
  });
  const tensorsOf: { readonly [P in StatePart]: Tensors } = { param: memory.parameters, m: memory.m, v: memory.v };
  const part = (name: StatePart) => memory.detached(unpackPart(layout, name, named(name, tensorsOf[name])));
  let step = 0;

  async function oneStep(minibatch: Minibatch, learningRate: number): Promise<StepReport> {
    await session.run({
      ...minibatchFeeds(minibatch, options),
      ...unstacked(dropoutFeeds(config.width, { first: step, steps: 1 }, options)),
    });
    const gradNorm = memory.step(learningRate, step);
    step += 1;
    const figures = [...stats.data, gradNorm];
    return { ...byColumn((_, at) => [figures[at]!]), ratios: ratios.data.slice() };
  }

  return {
    load: (start) => {
      step = start.step;
      const values: { readonly [P in StatePart]: Parameters } = { param: start.params, m: start.m, v: start.v };
      for (const name of ['param', 'm', 'v'] as const)
        fill(named(name, tensorsOf[name]), packPart(layout, name, values[name]));
    },
    update: async (minibatches, learningRate) => {
      const reports: StepReport[] = [];
      for (const minibatch of minibatches) reports.push(await oneStep(minibatch, learningRate));
      return { ...joinedSteps(reports), ratios: joined(reports.map(({ ratios: own }) => own)) };
    },
    params: () => Promise.resolve(part('param')),
    moments: () => Promise.resolve({ m: part('m'), v: part('v') }),
    release: () => session.release(),
  };
}

function named(part: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${part}:${name}`, tensor]));
}

function fill(tensors: Tensors, values: Tensors): void {
  for (const [name, { data }] of Object.entries(tensors)) data.set(values[name]!.data);
}

/** Without the leading axis of a single step. */
function unstacked(feeds: Feeds): Feeds {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { dtype, shape, data }]) => [name, hostTensor(dtype, shape.slice(1), data)]),
  );
}

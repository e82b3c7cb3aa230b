/** Takes optimiser steps: packs minibatches into session runs and carries parameters and moments between them. */

import { openSession } from '../backends/index.js';
import type { SessionOptions } from '../backends/index.js';
import type { Gpt2Config, Parameters } from '../nn/index.js';
import { adamCorrections } from '../optim/index.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { carriedLayout, packPart, unpackPart } from './carried-state.js';
import type { CarriedLayout } from './carried-state.js';
import { ppoParameterShapes } from './minibatch-loss.js';
import { updateProgram } from './update-graph.js';
import type { UpdateGraphOptions } from './update-graph.js';
import { valueKeepFeeds } from './value-dropout.js';
import { byColumn, stepColumns } from './update-stats.js';
import type { StepStats } from './update-stats.js';

/** What optimiser steps change. */
export interface TrainingState {
  /** Optimiser steps taken. */
  readonly step: number;
  /** Policy and value head (`value_weight` [C], `value_bias` []). */
  readonly params: Parameters;
  /** Adam's first and second moments, by the same names. */
  readonly m: Parameters;
  readonly v: Parameters;
}

/** One minibatch of M rows. */
export interface Minibatch {
  readonly tokens: Int32Array; // [M·(Q + T)]
  readonly mask: Int32Array; // [M·(Q + T)]
  readonly oldLogProbs: Float32Array; // [M·T]
  readonly oldValues: Float32Array; // [M·T]
  readonly advantages: Float32Array; // [M·T]
  readonly returns: Float32Array; // [M·T]
}

export interface PolicyUpdater {
  /** Takes K steps, one for each of K minibatches, and leaves `state` as it was. */
  update(
    state: TrainingState,
    minibatches: readonly Minibatch[],
    learningRate: number,
  ): Promise<{ state: TrainingState; stats: StepStats }>;
  release(): Promise<void>;
}

export interface PolicyUpdaterOptions extends UpdateGraphOptions {
  /** Of dropout. */
  readonly seed: number;
}

export async function openPolicyUpdater(
  config: Gpt2Config,
  options: PolicyUpdaterOptions,
  runtime: SessionOptions,
): Promise<PolicyUpdater> {
  const layout = carriedLayout(ppoParameterShapes(config));
  const session = await openSession(
    updateProgram(config, { blocks: (runtime.device ?? 'cpu') === 'cpu', ...options }),
    runtime,
  );
  return {
    update: async (state, minibatches, learningRate) => {
      const outputs = await session.run({
        ...packPart(layout, 'param', state.params),
        ...packPart(layout, 'm', state.m),
        ...packPart(layout, 'v', state.v),
        ...minibatchFeeds(minibatches, options),
        ...scalarFeeds(state.step, learningRate, options),
        ...dropoutFeeds(config.width, state.step, options),
      });
      return { state: nextState(layout, state.step + options.steps, outputs), stats: statsOf(outputs['stats']!.data) };
    },
    release: () => session.release(),
  };
}

/** Moments before the first step. */
export function zeroMoments(params: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }]) => [
      name,
      hostTensor('float32', shape, new Float32Array(data.length)),
    ]),
  );
}

type Feeds = Record<string, HostTensor>;

function minibatchFeeds(minibatches: readonly Minibatch[], options: UpdateGraphOptions): Feeds {
  const leading = [minibatches.length, options.minibatchSize];
  const row = options.queryTokens + options.responseTokens;
  const ints = (part: 'tokens' | 'mask') =>
    hostTensor('int32', [...leading, row], Int32Array.from(minibatches.flatMap((one) => [...one[part]])));
  const floats = (part: 'oldLogProbs' | 'oldValues' | 'advantages' | 'returns') =>
    hostTensor(
      'float32',
      [...leading, options.responseTokens],
      Float32Array.from(minibatches.flatMap((one) => [...one[part]])),
    );
  return {
    tokens: ints('tokens'),
    ...(options.padded && { mask: ints('mask') }),
    oldLogProbs: floats('oldLogProbs'),
    oldValues: floats('oldValues'),
    advantages: floats('advantages'),
    returns: floats('returns'),
  };
}

function scalarFeeds(step: number, learningRate: number, { adam, steps }: UpdateGraphOptions): Feeds {
  const { correction1, correction2 } = adamCorrections(adam, step, steps);
  return {
    lr: hostTensor('float32', [steps], new Float32Array(steps).fill(learningRate)),
    correction1: hostTensor('float32', [steps], correction1),
    correction2: hostTensor('float32', [steps], correction2),
  };
}

function dropoutFeeds(width: number, first: number, options: PolicyUpdaterOptions): Feeds {
  const { seed, steps, valueDropout: rate } = options;
  return rate > 0 ? { ...valueKeepFeeds({ seed, first, steps, rate }, { ...options, width }) } : {};
}

function nextState(layout: CarriedLayout, step: number, outputs: Parameters): TrainingState {
  const results = Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name.replace('next.', ''), tensor]),
  );
  return {
    step,
    params: unpackPart(layout, 'param', results),
    m: unpackPart(layout, 'm', results),
    v: unpackPart(layout, 'v', results),
  };
}

function statsOf(rows: Float32Array): StepStats {
  return byColumn((_, at) => Array.from(rows.filter((_value, i) => i % stepColumns.length === at)));
}

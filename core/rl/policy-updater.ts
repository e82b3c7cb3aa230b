/** Takes optimiser steps: packs minibatches into session runs and carries parameters and moments between them. */

import { deviceMemory, disposeAll, openKeepingSession } from '../backends/index.js';
import type { Located, LocatedTensors, SessionOptions } from '../backends/index.js';
import type { Gpt2Config, Parameters } from '../nn/index.js';
import { adamCorrections } from '../optim/index.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { packPart, unpackPart } from './carried-state.js';
import type { CarriedLayout, StatePart } from './carried-state.js';
import { updateLayout, updateProgram } from './update-graph.js';
import type { UpdateGraphOptions } from './update-graph.js';
import { valueKeepFeeds } from './value-dropout.js';
import { byColumn, stepColumns } from './update-stats.js';
import type { StepReport } from './update-stats.js';

/** What optimiser steps change. */
export interface TrainingState {
  /** Optimiser steps taken. */
  readonly step: number;
  /** Policy and value head (`value_weight` [C], `value_bias` []). */
  readonly params: Parameters;
  /** Adam's first and second moments, as the sums of `AdamState`, by the same names. */
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
  /** Sets the state that the next step starts from. */
  load(state: TrainingState): void;
  /** Takes K steps, one for each of K minibatches. The state stays on the device. */
  update(minibatches: readonly Minibatch[], learningRate: number): Promise<StepReport>;
  /** A copy of policy and value head. */
  params(): Promise<Parameters>;
  /** A copy of Adam's moments. */
  moments(): Promise<Pick<TrainingState, 'm' | 'v'>>;
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
  const layout = updateLayout(config);
  const update = updateProgram(config, { blocks: (runtime.device ?? 'cpu') === 'cpu', ...options });
  const carried = Object.keys(update.outputs).filter((name) => name.startsWith('next.'));
  const session = await openKeepingSession(update, runtime, carried);
  const state = new CarriedTensors(layout, runtime);
  return {
    load: (start) => state.load(start),
    update: async (minibatches, learningRate) => {
      const { read, kept } = await session.run({
        ...state.feeds,
        ...minibatchFeeds(minibatches, options),
        ...scalarFeeds(state.step, learningRate, options),
        ...dropoutFeeds(config.width, state.step, options),
      });
      state.advance(options.steps, kept);
      return reportOf(read);
    },
    params: () => state.part('param'),
    moments: async () => ({ m: await state.part('m'), v: await state.part('v') }),
    release: () => {
      state.release();
      return session.release();
    },
  };
}

/** Parameters and moments between runs, on the device where it has a memory of its own. */
class CarriedTensors {
  step = 0;
  #tensors: Readonly<Record<string, Located>> = {};

  constructor(
    private readonly layout: CarriedLayout,
    private readonly runtime: SessionOptions,
  ) {}

  get feeds(): LocatedTensors {
    return this.#tensors;
  }

  load({ step, ...parts }: TrainingState): void {
    this.release();
    this.step = step;
    this.#tensors = {
      ...packPart(this.layout, 'param', parts.params),
      ...packPart(this.layout, 'm', parts.m),
      ...packPart(this.layout, 'v', parts.v),
    };
  }

  /** Takes the results of a run in the place of what was fed to it. */
  advance(steps: number, kept: LocatedTensors): void {
    this.release();
    this.step += steps;
    this.#tensors = Object.fromEntries(
      Object.entries(kept).map(([name, tensor]) => [name.replace('next.', ''), tensor]),
    );
  }

  async part(part: StatePart): Promise<Parameters> {
    const own = Object.entries(this.#tensors).filter(([name]) => name.startsWith(`${part}:`));
    const read = await deviceMemory(this.runtime).download(Object.fromEntries(own));
    return unpackPart(this.layout, part, Object.fromEntries(Object.entries(read).map(([name, x]) => [name, float(x)])));
  }

  release(): void {
    disposeAll(Object.values(this.#tensors));
    this.#tensors = {};
  }
}

function float(tensor: HostTensor | undefined): HostTensor<'float32'> {
  if (tensor?.data instanceof Float32Array) return hostTensor('float32', tensor.shape, tensor.data);
  throw new TypeError(`policy updater: expected float32 from the device, got ${tensor?.dtype ?? 'nothing'}`);
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

function reportOf(read: Readonly<Record<string, HostTensor>>): StepReport {
  const { data: rows } = float(read['stats']);
  return {
    ...byColumn((_, at) => Array.from(rows.filter((_value, i) => i % stepColumns.length === at))),
    ratios: float(read['ratios']).data,
  };
}

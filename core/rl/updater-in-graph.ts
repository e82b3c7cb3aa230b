/** Optimiser steps inside one program: packs minibatches into session runs and carries parameters and moments between them. */

import { deviceMemory, disposeAll, openKeepingSession } from '../backends/index.js';
import type { Located, LocatedTensors, SessionOptions } from '../backends/index.js';
import type { Gpt2Config, Parameters } from '../nn/index.js';
import { adamCorrections } from '../optim/index.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { packPart, unpackPart } from './carried-state.js';
import type { CarriedLayout, StatePart } from './carried-state.js';
import { dropoutFeeds, stackedFeeds } from './minibatch-feeds.js';
import type { Feeds } from './minibatch-feeds.js';
import { updateLayout, updateProgram } from './update-graph.js';
import type { UpdateGraphOptions } from './update-graph.js';
import { byColumn, stepColumns } from './update-stats.js';
import type { StepReport } from './update-stats.js';
import type { PolicyUpdater, PolicyUpdaterOptions, TrainingState } from './updater-types.js';

export async function openGraphUpdater(
  config: Gpt2Config,
  options: PolicyUpdaterOptions,
  runtime: SessionOptions,
): Promise<PolicyUpdater> {
  const layout = updateLayout(config);
  const update = updateProgram(config, options);
  const carried = Object.keys(update.outputs).filter((name) => name.startsWith('next.'));
  const session = await openKeepingSession(update, runtime, carried);
  const state = new CarriedTensors(layout, runtime);
  return {
    load: (start) => state.load(start),
    update: async (minibatches, learningRate) => {
      const { read, kept } = await session.run({
        ...state.feeds,
        ...stackedFeeds(minibatches, options),
        ...scalarFeeds(state.step, learningRate, options),
        ...dropoutFeeds(config.width, { first: state.step, steps: options.steps }, options),
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

function scalarFeeds(step: number, learningRate: number, { adam, steps }: UpdateGraphOptions): Feeds {
  const { correction1, correction2 } = adamCorrections(adam, step, steps);
  return {
    lr: hostTensor('float32', [steps], new Float32Array(steps).fill(learningRate)),
    correction1: hostTensor('float32', [steps], correction1),
    correction2: hostTensor('float32', [steps], correction2),
  };
}

function reportOf(read: Readonly<Record<string, HostTensor>>): StepReport {
  const { data: rows } = float(read['stats']);
  return {
    ...byColumn((_, at) => Array.from(rows.filter((_value, i) => i % stepColumns.length === at))),
    ratios: float(read['ratios']).data,
  };
}

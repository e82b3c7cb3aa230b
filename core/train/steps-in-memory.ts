/**
 * Steps on the CPU: the program gives the gradients, and the optimizer updates parameters and moments where they lie. One
 * session for each T, all over the same memory. Knows neither epochs nor evaluation.
 */

import { openBoundSession } from '../backends/index.js';
import type { BoundSession } from '../backends/index.js';
import type { Signature } from '../ir/index.js';
import type { Parameters } from '../nn/parameters.js';
import { AdamMemory, linearLrs } from '../optim/index.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { dropoutFeeds } from './counter-dropout.js';
import { ownGroups, packGroup, unpackGroup } from './flat-parameters.js';
import type { FlatGroup } from './flat-parameters.js';
import { gradientName, gradientProgram } from './gradient-program.js';
import type { Objective } from './objective.js';
import { carriedNames } from './training-program.js';
import type { HostBatch, RunOutcome, StatePart, Stepper, TrainingSessionSettings, TrainingStart } from './steps.js';

interface Opened {
  readonly session: BoundSession;
  readonly inputs: Signature;
  readonly loss: HostTensor<'float32'>;
}

export class MemorySteps implements Stepper {
  readonly lossScaling = undefined;
  readonly #groups: readonly FlatGroup[];
  readonly #memory: AdamMemory;
  readonly #sessions = new Map<number, Opened>();

  /** @throws AdamMemoryError */
  constructor(
    private readonly objective: Objective,
    private readonly settings: TrainingSessionSettings,
    start: TrainingStart,
  ) {
    const { adam, weightDecay, clipNorm } = settings;
    this.#groups = ownGroups(objective.parameterShapes, objective.heldShapes);
    this.#memory = new AdamMemory(this.#groups, { ...adam, weightDecay, maxNorm: clipNorm });
    const { parameters, m, v } = this.#memory;
    for (const [tensors, values] of [
      [parameters, start.params],
      [m, start.m],
      [v, start.v],
    ] as const)
      if (values) for (const group of this.#groups) tensors[group.name]!.data.set(packGroup(group, values).data);
  }

  async run(batches: readonly HostBatch[], tokens: number, stepsTaken: number): Promise<RunOutcome> {
    const count = batches.length;
    const lrs = linearLrs(this.settings.schedule, stepsTaken, count);
    const [losses, gradientNorms] = [new Float32Array(count), new Float32Array(count)];
    const { session, inputs, loss } = await this.#session(tokens);
    for (const [i, batch] of batches.entries()) {
      const taken = stepsTaken + i;
      await session.run({
        ...Object.fromEntries(Object.entries(batch).map(([name, tensor]) => [`batch:${name}`, tensor])),
        ...dropoutFeeds(inputs, this.settings.dropout?.seed ?? 0, taken),
      });
      losses[i] = loss.data[0]!;
      gradientNorms[i] = this.#memory.step(lrs[i]!, taken);
    }
    return { losses, gradientNorms, lrs, applied: new Float32Array(count).fill(1), lossScales: new Float32Array() };
  }

  part(part: StatePart): Promise<Parameters> {
    const { parameters, m, v } = this.#memory;
    const tensors = { parameter: parameters, m, v }[part];
    const groups = this.#groups.map((group) => unpackGroup(group, tensors[group.name]!));
    return Promise.resolve(this.#memory.detached(Object.assign({}, ...groups)));
  }

  async release(): Promise<void> {
    for (const { session } of this.#sessions.values()) await session.release();
    this.#sessions.clear();
  }

  async #session(tokens: number): Promise<Opened> {
    const known = this.#sessions.get(tokens);
    if (known) return known;
    const { dropout, ...settings } = this.settings;
    const gradients = gradientProgram(this.objective, this.#groups, {
      ...settings,
      tokens,
      dropout: dropout !== undefined,
    });
    const loss = hostTensor('float32', [], new Float32Array(1));
    const memory = this.#memory;
    const session = await openBoundSession(gradients, settings, {
      feeds: renamed(memory.parameters, (name) => carriedNames({ name }).parameter),
      results: { loss, ...renamed(memory.gradients, gradientName) },
    });
    const opened = { session, inputs: gradients.inputs, loss };
    this.#sessions.set(tokens, opened);
    return opened;
  }
}

type Tensors = Readonly<Record<string, HostTensor<'float32'>>>;

function renamed(tensors: Tensors, rename: (name: string) => string): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]));
}

/**
 * The state of an optimizer between runs, and the sessions that advance it: one for each (T, K). Knows neither epochs
 * nor evaluation.
 */

import { openSession } from '../backends/index.js';
import type { Session, SessionOptions } from '../backends/index.js';
import type { Signature } from '../ir/index.js';
import type { Parameters } from '../nn/parameters.js';
import { adamCorrections, linearLrs } from '../optim/index.js';
import type { AdamSettings, LinearSchedule } from '../optim/index.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { dropoutFeeds } from './counter-dropout.js';
import { flatGroups, packGroup, unpackGroup } from './flat-parameters.js';
import type { FlatGroup } from './flat-parameters.js';
import type { Objective } from './objective.js';
import { stack } from './padding.js';
import { carriedNames, trainingProgram } from './training-program.js';

export interface TrainingSessionSettings extends SessionOptions {
  readonly batchSize: number;
  readonly schedule: LinearSchedule;
  readonly adam: AdamSettings;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** Drop at the rates of the model's configuration, by masks drawn from `seed`. Default: no dropout. */
  readonly dropout?: { readonly seed: number };
  /** @see StepSettings */
  readonly accumulationSteps?: number;
  readonly recompute?: boolean;
}

/** One step's inputs, by the objective's names. */
export type HostBatch = Readonly<Record<string, HostTensor<'int32'>>>;

export interface RunOutcome {
  readonly losses: Float32Array; // [K]
  readonly gradientNorms: Float32Array; // [K]
  readonly lrs: Float32Array; // [K]
}

interface Opened {
  readonly session: Session<Signature, Signature>;
  readonly inputs: Signature;
}

export class TrainingSession {
  readonly #groups: readonly FlatGroup[];
  readonly #sessions = new Map<string, Opened>();
  #vectors: Record<string, HostTensor>;

  /** Moments start at 0 when left out. */
  constructor(
    private readonly objective: Objective,
    private readonly settings: TrainingSessionSettings,
    start: { params: Parameters; m?: Parameters; v?: Parameters },
  ) {
    this.#groups = flatGroups(objective.parameterShapes);
    this.#vectors = Object.fromEntries(
      this.#groups.flatMap((group) => {
        const zeros = () => hostTensor('float32', group.shape, new Float32Array(group.size));
        const { parameter, m, v } = carriedNames(group);
        return [
          [parameter, packGroup(group, start.params)],
          [m, start.m ? packGroup(group, start.m) : zeros()],
          [v, start.v ? packGroup(group, start.v) : zeros()],
        ];
      }),
    );
  }

  /** Takes one step a batch, all padded to `tokens`; the first is step `stepsTaken + 1`. */
  async run(batches: readonly HostBatch[], tokens: number, stepsTaken: number): Promise<RunOutcome> {
    const count = batches.length;
    const { session, inputs } = await this.#session(tokens, count);
    const lrs = linearLrs(this.settings.schedule, stepsTaken, count);
    const { correction1, correction2 } = adamCorrections(this.settings.adam, stepsTaken, count);
    const names = Object.keys(batches[0] ?? {});
    const feeds = {
      ...this.#vectors,
      ...Object.fromEntries(names.map((name) => [`batch:${name}`, stack(batches.map((batch) => batch[name]!))])),
      lr: hostTensor('float32', [count], lrs),
      correction1: hostTensor('float32', [count], correction1),
      correction2: hostTensor('float32', [count], correction2),
      ...dropoutFeeds(inputs, this.settings.dropout?.seed ?? 0, stepsTaken),
    };
    const { loss, gradientNorm, ...vectors } = await session.run(feeds);
    this.#vectors = Object.fromEntries(
      Object.entries(vectors).map(([name, value]) => [name.replace(/^next:/, ''), value]),
    );
    return { losses: floats(loss), gradientNorms: floats(gradientNorm), lrs };
  }

  /** Copies of the parameters and moments, by the parameters' names. */
  state(): { params: Parameters; m: Parameters; v: Parameters } {
    return { params: this.#unpacked('parameter'), m: this.#unpacked('m'), v: this.#unpacked('v') };
  }

  params(): Parameters {
    return this.#unpacked('parameter');
  }

  async release(): Promise<void> {
    for (const { session } of this.#sessions.values()) await session.release();
    this.#sessions.clear();
  }

  #unpacked(part: 'parameter' | 'm' | 'v'): Parameters {
    const groups = this.#groups.map((group) => {
      const name = carriedNames(group)[part];
      return unpackGroup(group, hostTensor('float32', group.shape, floats(this.#vectors[name])));
    });
    const byName: Parameters = Object.assign({}, ...groups);
    return Object.fromEntries(Object.keys(this.objective.parameterShapes).map((name) => [name, byName[name]!]));
  }

  async #session(tokens: number, stepsPerRun: number): Promise<Opened> {
    const key = `${tokens}x${stepsPerRun}`;
    const known = this.#sessions.get(key);
    if (known) return known;
    const { batchSize, adam, weightDecay, clipNorm, dropout, device = 'cpu' } = this.settings;
    const { accumulationSteps = 1, recompute = false } = this.settings;
    const training = trainingProgram(this.objective, {
      batchSize,
      tokens,
      stepsPerRun,
      adam,
      weightDecay,
      clipNorm,
      dropout: dropout !== undefined,
      blocks: device === 'cpu',
      accumulationSteps,
      recompute,
    });
    const opened = { session: await openSession(training, this.settings), inputs: training.inputs };
    this.#sessions.set(key, opened);
    return opened;
  }
}

function floats(tensor: HostTensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new RangeError(`training run: expected a float32 result, got ${tensor?.dtype ?? 'nothing'}`);
}

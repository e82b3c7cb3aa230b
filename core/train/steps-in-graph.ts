/**
 * Steps whose optimizer is part of the program, and whose state stays on the device where that has a memory of its own: one
 * session for each (T, K). Knows neither epochs nor evaluation.
 */

import { deviceMemory, disposeAll, openKeepingSession, staysOnDevice } from '../backends/index.js';
import type { KeepingSession, Located } from '../backends/index.js';
import type { Signature } from '../ir/index.js';
import type { Parameters } from '../nn/parameters.js';
import { adamCorrections, linearLrs, lossScaleDefaults } from '../optim/index.js';
import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { dropoutFeeds } from './counter-dropout.js';
import { flatGroups, packGroup, unpackGroup } from './flat-parameters.js';
import type { FlatGroup } from './flat-parameters.js';
import { scalingAfter, scalingFeeds } from './loss-scaling.js';
import type { LossScaling } from './loss-scaling.js';
import type { Objective } from './objective.js';
import { stack } from './padding.js';
import type { HostBatch, RunOutcome, StatePart, Stepper, TrainingSessionSettings, TrainingStart } from './steps.js';
import { carriedNames, trainingProgram } from './training-program.js';

interface Opened {
  readonly session: KeepingSession;
  readonly inputs: Signature;
}

export class GraphSteps implements Stepper {
  readonly #groups: readonly FlatGroup[];
  readonly #sessions = new Map<string, Opened>();
  /** On the device from the first run on, where it has a memory of its own. */
  #vectors: Readonly<Record<string, Located>>;
  #lossScaling: LossScaling | undefined;

  constructor(
    private readonly objective: Objective,
    private readonly settings: TrainingSessionSettings,
    start: TrainingStart,
  ) {
    const { precision, lossScale: { initial } = lossScaleDefaults } = settings;
    if (precision === 'float16') this.#lossScaling = start.lossScaling ?? { scale: initial, streak: 0, skipped: 0 };
    this.#groups = flatGroups(objective.parameterShapes, objective.heldShapes);
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

  get lossScaling(): LossScaling | undefined {
    return this.#lossScaling;
  }

  async run(batches: readonly HostBatch[], tokens: number, stepsTaken: number): Promise<RunOutcome> {
    // State that stays on the device needs no loop around the steps to save its copies, and a loop there costs copies.
    const stepsPerRun = staysOnDevice(this.settings) ? 1 : batches.length;
    const outcomes: RunOutcome[] = [];
    for (let first = 0; first < batches.length; first += stepsPerRun)
      outcomes.push(await this.#runOnce(batches.slice(first, first + stepsPerRun), tokens, stepsTaken + first));
    return joined(outcomes);
  }

  async #runOnce(batches: readonly HostBatch[], tokens: number, stepsTaken: number): Promise<RunOutcome> {
    const count = batches.length;
    const { session, inputs } = await this.#session(tokens, count);
    const lrs = linearLrs(this.settings.schedule, stepsTaken, count);
    const taken = stepsTaken - (this.#lossScaling?.skipped ?? 0);
    const { correction1, correction2 } = adamCorrections(this.settings.adam, taken, count);
    const names = Object.keys(batches[0] ?? {});
    const feeds = {
      ...this.#vectors,
      ...Object.fromEntries(names.map((name) => [`batch:${name}`, stack(batches.map((batch) => batch[name]!))])),
      lr: hostTensor('float32', [count], lrs),
      correction1: hostTensor('float32', [count], correction1),
      correction2: hostTensor('float32', [count], correction2),
      ...dropoutFeeds(inputs, this.settings.dropout?.seed ?? 0, stepsTaken),
      ...scalingFeeds(this.#lossScaling),
    };
    const { read, kept } = await session.run(feeds);
    disposeAll(Object.values(this.#vectors));
    this.#vectors = Object.fromEntries(
      Object.entries(kept).map(([name, value]) => [name.replace(/^next:/, ''), value]),
    );
    const outcome = { losses: floats(read['loss']), gradientNorms: floats(read['gradientNorm']), lrs };
    if (!this.#lossScaling)
      return { ...outcome, applied: new Float32Array(count).fill(1), lossScales: new Float32Array() };
    const [applied, lossScales] = [floats(read['applied']), floats(read['lossScale'])];
    const streaks = floats(read['lossScaleStreak']);
    this.#lossScaling = scalingAfter(this.#lossScaling, { applied, lossScales, streaks });
    return { ...outcome, applied, lossScales };
  }

  async release(): Promise<void> {
    disposeAll(Object.values(this.#vectors));
    this.#vectors = {};
    for (const { session } of this.#sessions.values()) await session.release();
    this.#sessions.clear();
  }

  async part(part: StatePart): Promise<Parameters> {
    const names = this.#groups.map((group) => carriedNames(group)[part]);
    const wanted = Object.fromEntries(names.map((name) => [name, this.#vectors[name]!]));
    const vectors = await deviceMemory(this.settings).download(wanted);
    const groups = this.#groups.map((group) => {
      const vector = floats(vectors[carriedNames(group)[part]]);
      return unpackGroup(group, hostTensor('float32', group.shape, vector));
    });
    const byName: Parameters = Object.assign({}, ...groups);
    return Object.fromEntries(Object.keys(this.objective.parameterShapes).map((name) => [name, byName[name]!]));
  }

  async #session(tokens: number, stepsPerRun: number): Promise<Opened> {
    const key = `${tokens}x${stepsPerRun}`;
    const known = this.#sessions.get(key);
    if (known) return known;
    const { batchSize, adam, weightDecay, clipNorm, dropout } = this.settings;
    const { accumulationSteps = 1, recompute = false, precision, lossScale } = this.settings;
    const training = trainingProgram(this.objective, {
      batchSize,
      tokens,
      stepsPerRun,
      adam,
      weightDecay,
      clipNorm,
      dropout: dropout !== undefined,
      accumulationSteps,
      recompute,
      ...(precision && { precision }),
      ...(lossScale && { lossScale }),
    });
    const carried = Object.keys(training.outputs).filter((name) => name.startsWith('next:'));
    const session = await openKeepingSession(training, this.settings, carried);
    const opened = { session, inputs: training.inputs };
    this.#sessions.set(key, opened);
    return opened;
  }
}

function joined(outcomes: readonly RunOutcome[]): RunOutcome {
  const [first] = outcomes;
  if (first !== undefined && outcomes.length === 1) return first;
  const all = (part: keyof RunOutcome) => Float32Array.from(outcomes.flatMap((outcome) => [...outcome[part]]));
  return {
    losses: all('losses'),
    gradientNorms: all('gradientNorms'),
    lrs: all('lrs'),
    applied: all('applied'),
    lossScales: all('lossScales'),
  };
}

function floats(tensor: HostTensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new RangeError(`training run: expected a float32 result, got ${tensor?.dtype ?? 'nothing'}`);
}

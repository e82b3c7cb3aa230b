/**
 * K optimizer steps as one program: forward, backward, clipping and AdamW inside a loop that carries the parameters and
 * both moments. Knows neither what is learned nor where batches come from.
 */

import type { Precision } from '../backends/index.js';
import { cast, gather, Graph, program, repeat } from '../ir/index.js';
import type { Program, Value } from '../ir/index.js';
import { inMixedPrecision } from '../ir/mixed-precision.js';
import { noDropout } from '../nn/dropout.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import { adamStep, globalNorm, isFinite, lossScaleDefaults, normOf } from '../optim/index.js';
import type { AdamScalars, AdamSettings, LossScaleSettings } from '../optim/index.js';
import { batchGradients } from './batch-gradients.js';
import { counterDropout } from './counter-dropout.js';
import type { DropoutOfPart } from './counter-dropout.js';
import { flatGroups, unpackValue } from './flat-parameters.js';
import type { FlatGroup } from './flat-parameters.js';
import type { BatchValues, Objective } from './objective.js';
import { afterScaledStep, scalingInputs, scalingOf } from './scaled-step.js';

export interface StepSettings {
  readonly batchSize: number; // B
  readonly tokens: number; // T
  readonly stepsPerRun: number; // K
  readonly adam: AdamSettings;
  readonly weightDecay: number;
  /** Gradients are scaled to this global norm where they exceed it; 0 = never. */
  readonly clipNorm: number;
  /** Drop at the rates of the model's configuration. Default false. */
  readonly dropout?: boolean;
  /** Equal parts of the batch that are read one after another; a divisor of the batch size. Changes memory, not the result. Default 1. */
  readonly accumulationSteps?: number;
  /** Keep of each block its input alone, and compute the rest a second time. Changes memory, not the result. Default false. */
  readonly recompute?: boolean;
  /** `float16` computes the model in it, with the loss scaled; whatever is carried stays float32. Default float32. */
  readonly precision?: Precision;
  readonly lossScale?: LossScaleSettings;
}

/** Names of a group's carried tensors, which are inputs of the program and, after `next:`, outputs. */
export function carriedNames({ name }: Pick<FlatGroup, 'name'>): { parameter: string; m: string; v: string } {
  return { parameter: `param:${name}`, m: `m:${name}`, v: `v:${name}` };
}

/**
 * Inputs: for each group `param:`, `m:`, `v:` in the group's shape; `batch:<name>` [K, …]; `lr`, `correction1`, `correction2` [K];
 * `dropout:<site>`, when there is dropout. Outputs: these after K steps as `next:…`, `loss` [K] and `gradientNorm` [K].
 *
 * In float16 there are also the inputs `lossScale` and `lossScaleStreak`, and of each step the outputs `applied` (0 where the
 * gradients were not finite: the step changed nothing else), `lossScale` and `lossScaleStreak`, all [K]. The corrections are
 * then those of the steps that count.
 */
export function trainingProgram(objective: Objective, settings: StepSettings): Program {
  const { stepsPerRun, accumulationSteps: parts = 1, recompute = false } = settings;
  const graph = new Graph(`${objective.name}.train`);
  const groups = flatGroups(objective.parameterShapes, objective.heldShapes);
  const carried = Object.fromEntries(
    groups.flatMap((group) =>
      Object.values(carriedNames(group)).map((name) => [name, graph.input(name, 'float32', group.shape)] as const),
    ),
  );
  const batches = Object.entries(objective.batchShapes(settings.batchSize, settings.tokens)).map(
    ([name, shape]) => [name, graph.input(`batch:${name}`, 'int32', [stepsPerRun, ...shape])] as const,
  );
  const schedule = {
    lr: graph.input('lr', 'float32', [stepsPerRun]),
    correction1: graph.input('correction1', 'float32', [stepsPerRun]),
    correction2: graph.input('correction2', 'float32', [stepsPerRun]),
  };
  const isHalf = settings.precision === 'float16';
  let marks: PrecisionMarks = { masters: [], exact: [] };
  const body = (iteration: Value<'int64'>, before: Carried) => {
    const scaling = scalingOf(before);
    const counted = scaling ? cast(scaling.taken, 'int64') : iteration;
    const scalars: AdamScalars = {
      lr: gather(schedule.lr, iteration),
      correction1: gather(schedule.correction1, counted),
      correction2: gather(schedule.correction2, counted),
    };
    const batch = Object.fromEntries(batches.map(([name, value]) => [name, gather(value, iteration)]));
    const dropout: DropoutOfPart =
      settings.dropout === true ? counterDropout(graph, stepsPerRun, iteration, { parts, recompute }) : () => noDropout;
    const step = oneStep(objective, groups, before, batch, dropout, scalars, settings);
    marks = step.marks;
    return step;
  };
  const state = isHalf ? { ...carried, ...scalingInputs(graph) } : carried;
  const result = repeat(graph, { trip: stepsPerRun, carried: state, body });
  const next = Object.fromEntries(Object.keys(carried).map((name) => [`next:${name}`, result.carried[name]!]));
  const built = program(graph, { outputs: { ...next, ...result.scans } });
  return isHalf ? inMixedPrecision(built, marks) : built;
}

type Carried = Readonly<Record<string, Value<'float32'>>>;

/** Where float32 begins and ends in a step that computes in float16. */
interface PrecisionMarks {
  readonly masters: readonly Value[];
  readonly exact: readonly Value[];
}

function oneStep(
  objective: Objective,
  groups: readonly FlatGroup[],
  state: Carried,
  batch: BatchValues,
  dropout: DropoutOfPart,
  scalars: AdamScalars,
  { adam, weightDecay, clipNorm, lossScale: scaleSettings = lossScaleDefaults, ...settings }: StepSettings,
) {
  const vectors = groups.map((group) => vectorsOf(group, state));
  const parameters: ParameterValues = Object.assign(
    {},
    ...groups.map((group, i) => unpackValue(group, vectors[i]!.parameter)),
  );
  const scaling = scalingOf(state);
  const { loss, slopes: flat } = batchGradients(objective, groups, parameters, batch, {
    ...settings,
    dropout,
    ...(scaling && { lossScale: scaling.scale }),
  });
  // Where nothing is clipped, the norm is told by the steps, which square the gradients anyway.
  const known = clipNorm > 0 || scaling ? globalNorm(flat, clipNorm, scaling?.scale) : undefined;
  const applies = scaling && known && isFinite(known.norm);
  const next: Record<string, Value<'float32'>> = {};
  const squares: Value<'float32'>[] = [];
  groups.forEach((group, i) => {
    const options = {
      weightDecay: group.decays ? weightDecay : 0,
      ...(known?.scale && { gradientScale: known.scale }),
      ...(applies && { applies }),
    };
    const updated = adamStep(vectors[i]!, flat[i]!, scalars, adam, options);
    squares.push(updated.squares);
    const name = carriedNames(group);
    Object.assign(next, { [name.parameter]: updated.parameter, [name.m]: updated.m, [name.v]: updated.v });
  });
  const after = scaling && applies ? afterScaledStep(scaling, applies, scaleSettings) : undefined;
  return {
    carried: { ...next, ...after?.carried },
    scans: { loss, gradientNorm: known?.norm ?? normOf(squares), ...after?.scans },
    marks: { masters: Object.values(parameters), exact: flat },
  };
}

function vectorsOf(group: FlatGroup, state: Carried) {
  const name = carriedNames(group);
  return { parameter: state[name.parameter]!, m: state[name.m]!, v: state[name.v]! };
}

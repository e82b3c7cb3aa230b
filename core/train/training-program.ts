/**
 * K optimizer steps as one program: forward, backward, clipping and AdamW inside a loop that carries the parameters and
 * both moments. Knows neither what is learned nor where batches come from.
 */

import { gather, Graph, loop, program, reshape, scalar } from '../ir/index.js';
import type { Program, Value } from '../ir/index.js';
import { noDropout } from '../nn/dropout.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import { adamStep, adamStepInBlocks, globalNorm } from '../optim/index.js';
import type { AdamScalars, AdamSettings } from '../optim/index.js';
import { batchGradients } from './batch-gradients.js';
import { counterDropout } from './counter-dropout.js';
import type { DropoutOfPart } from './counter-dropout.js';
import { flatGroups, unpackValue } from './flat-parameters.js';
import type { FlatGroup } from './flat-parameters.js';
import type { BatchValues, Objective } from './objective.js';

export interface StepSettings {
  readonly batchSize: number; // B
  readonly tokens: number; // T
  readonly stepsPerRun: number; // K
  readonly adam: AdamSettings;
  readonly weightDecay: number;
  /** Global gradient norm above which gradients are scaled down. */
  readonly clipNorm: number;
  /** Drop at the rates of the model's configuration. Default false. */
  readonly dropout?: boolean;
  /** Update large matrices block by block, which pays on a CPU. Default true. */
  readonly blocks?: boolean;
  /** Equal parts of the batch that are read one after another; a divisor of the batch size. Changes memory, not the result. Default 1. */
  readonly accumulationSteps?: number;
  /** Keep of each block its input alone, and compute the rest a second time. Changes memory, not the result. Default false. */
  readonly recompute?: boolean;
}

/** Names of a group's carried tensors, which are inputs of the program and, after `next:`, outputs. */
export function carriedNames(group: FlatGroup): { parameter: string; m: string; v: string } {
  return { parameter: `param:${group.name}`, m: `m:${group.name}`, v: `v:${group.name}` };
}

/**
 * Inputs: for each group `param:`, `m:`, `v:` in the group's shape; `batch:<name>` [K, …]; `lr`, `correction1`, `correction2` [K];
 * `dropout:<site>`, when there is dropout. Outputs: these after K steps as `next:…`, `loss` [K] and `gradientNorm` [K].
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
  const body = (iteration: Value<'int64'>, state: Carried) => {
    const scalars: AdamScalars = {
      lr: gather(schedule.lr, iteration),
      correction1: gather(schedule.correction1, iteration),
      correction2: gather(schedule.correction2, iteration),
    };
    const batch = Object.fromEntries(batches.map(([name, value]) => [name, gather(value, iteration)]));
    const dropout: DropoutOfPart =
      settings.dropout === true ? counterDropout(graph, stepsPerRun, iteration, { parts, recompute }) : () => noDropout;
    return oneStep(objective, groups, state, batch, dropout, scalars, settings);
  };
  const result = steps(graph, stepsPerRun, carried, body);
  const next = Object.fromEntries(Object.entries(result.carried).map(([name, value]) => [`next:${name}`, value]));
  return program(graph, { outputs: { ...next, ...result.scans } });
}

/** A loop copies what it carries into its results; a single step writes the results themselves. */
function steps(
  graph: Graph,
  trip: number,
  carried: Carried,
  body: (iteration: Value<'int64'>, state: Carried) => ReturnType<typeof oneStep>,
) {
  if (trip > 1) return loop(graph, { trip, carried, body });
  const { carried: next, scans } = body(scalar(graph, 0, 'int64'), carried);
  const stacked = Object.entries(scans).map(([name, value]) => [name, reshape(value, [1, ...value.shape])] as const);
  return { carried: next, scans: Object.fromEntries(stacked) };
}

type Carried = Readonly<Record<string, Value<'float32'>>>;

function oneStep(
  objective: Objective,
  groups: readonly FlatGroup[],
  state: Carried,
  batch: BatchValues,
  dropout: DropoutOfPart,
  scalars: AdamScalars,
  { adam, weightDecay, clipNorm, blocks = true, ...settings }: StepSettings,
) {
  const vectors = groups.map((group) => vectorsOf(group, state));
  const parameters: ParameterValues = Object.assign(
    {},
    ...groups.map((group, i) => unpackValue(group, vectors[i]!.parameter)),
  );
  const { loss, slopes: flat } = batchGradients(objective, groups, parameters, batch, { ...settings, dropout });
  const { norm, scale } = globalNorm(flat, clipNorm);
  const step = blocks ? adamStepInBlocks : adamStep;
  const next: Record<string, Value<'float32'>> = {};
  groups.forEach((group, i) => {
    const options = { weightDecay: group.decays ? weightDecay : 0, gradientScale: scale };
    const updated = step(vectors[i]!, flat[i]!, scalars, adam, options);
    const name = carriedNames(group);
    Object.assign(next, { [name.parameter]: updated.parameter, [name.m]: updated.m, [name.v]: updated.v });
  });
  return { carried: next, scans: { loss, gradientNorm: norm } };
}

function vectorsOf(group: FlatGroup, state: Carried) {
  const name = carriedNames(group);
  return { parameter: state[name.parameter]!, m: state[name.m]!, v: state[name.v]! };
}

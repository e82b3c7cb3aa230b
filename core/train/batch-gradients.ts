/**
 * The gradients of a step's batch, read whole or in parts one after another. The loss is the mean over all targets of the
 * whole batch that count, not a mean of means: parts change the memory that a step takes, and the order of its sums. Knows no
 * optimizer.
 */

import { gradients, pullback } from '../autodiff/index.js';
import { add, expand, gather, loop, max, reshape, scalar } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import type { DropoutOfPart } from './counter-dropout.js';
import { packValues } from './flat-parameters.js';
import type { FlatGroup } from './flat-parameters.js';
import type { BatchValues, LossOptions, Objective } from './objective.js';

export interface BatchGradientOptions {
  readonly batchSize: number; // B
  readonly dropout: DropoutOfPart;
  readonly accumulationSteps?: number;
  readonly recompute?: boolean;
  /** Factor of the loss before it is differentiated, and so of all gradients. */
  readonly lossScale?: Value<'float32'>;
}

export interface BatchGradients {
  /** Mean over the targets that count, a scalar. */
  readonly loss: Value<'float32'>;
  /** One a group, in its shape; with the factor of the loss scale. */
  readonly slopes: readonly Value<'float32'>[];
}

/** The batch cannot be cut into equal parts. */
export class AccumulationError extends Error {
  override readonly name = 'AccumulationError';
  constructor(
    readonly batchSize: number,
    readonly accumulationSteps: number,
  ) {
    super(
      `training: expected accumulationSteps to divide the batch size ${batchSize}, got ${accumulationSteps}; ` +
        'choose one of its divisors',
    );
  }
}

/** @throws AccumulationError */
export function batchGradients(
  objective: Objective,
  groups: readonly FlatGroup[],
  parameters: ParameterValues,
  batch: BatchValues,
  { batchSize, dropout, accumulationSteps: parts = 1, recompute = false, lossScale }: BatchGradientOptions,
): BatchGradients {
  if (!Number.isInteger(batchSize / parts)) throw new AccumulationError(batchSize, parts);
  const count = max(objective.count(batch), 1);
  const of = (part: BatchValues, index?: Value<'int64'>) =>
    partGradients(objective, groups, parameters, part, {
      count,
      recompute,
      dropout: dropout(index),
      ...(lossScale && { lossScale }),
    });
  return parts === 1 ? of(batch) : summed(groups, cut(batch, parts), parts, count, of);
}

/** [B, …] → [parts, B / parts, …] */
function cut(batch: BatchValues, parts: number): BatchValues {
  return Object.fromEntries(
    Object.entries(batch).map(([name, value]) => {
      const [rows = 1, ...rest] = value.shape;
      return [name, reshape(value, [parts, rows / parts, ...rest])];
    }),
  );
}

function summed(
  groups: readonly FlatGroup[],
  batch: BatchValues,
  parts: number,
  { graph }: Value,
  of: (part: BatchValues, index: Value<'int64'>) => BatchGradients,
): BatchGradients {
  const zero = scalar(graph, 0);
  const zeros = groups.map(({ name, shape }) => [`d ${name}`, expand(zero, shape)] as const);
  const sums: Readonly<Record<string, Value<'float32'>>> = { loss: zero, ...Object.fromEntries(zeros) };
  const { carried } = loop(graph, {
    trip: parts,
    carried: sums,
    body: (index, before) => {
      const part = Object.fromEntries(Object.entries(batch).map(([name, value]) => [name, gather(value, index)]));
      const { loss, slopes } = of(part, index);
      const now = Object.fromEntries(groups.map(({ name }, i) => [`d ${name}`, add(before[`d ${name}`]!, slopes[i]!)]));
      return { carried: { ...now, loss: add(before['loss']!, loss) } };
    },
  });
  return { loss: carried['loss']!, slopes: groups.map(({ name }) => carried[`d ${name}`]!) };
}

function partGradients(
  objective: Objective,
  groups: readonly FlatGroup[],
  parameters: ParameterValues,
  batch: BatchValues,
  options: LossOptions,
): BatchGradients {
  const { mean, seeds } = objective.loss(parameters, batch, options);
  const names = groups.flatMap((group) => group.entries.map(({ name }) => name));
  const wrt = names.map((name) => parameters[name]!);
  const slopes = seeds ? pullback(seeds, wrt) : scaledGradients(mean, wrt, options.lossScale);
  const byName = new Map(slopes.map((slope, i) => [names[i]!, slope]));
  const flat = groups.map((group) =>
    reshape(packValues(group.entries.map(({ name }) => byName.get(name)!)), group.shape),
  );
  return { loss: mean, slopes: flat };
}

function scaledGradients(
  mean: Value<'float32'>,
  wrt: readonly Value<'float32'>[],
  lossScale: Value<'float32'> | undefined,
): readonly Value<'float32'>[] {
  if (!lossScale) return gradients(mean, wrt);
  return pullback([{ value: mean, gradient: reshape(lossScale, mean.shape) }], wrt);
}

/**
 * Loss and gradients of one batch as a program, for an optimizer outside it. Knows neither what is learned nor where batches
 * come from.
 */

import { Graph, program, scalar } from '../ir/index.js';
import type { Program } from '../ir/index.js';
import { noDropout } from '../nn/dropout.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import { batchGradients } from './batch-gradients.js';
import { counterDropout } from './counter-dropout.js';
import { unpackValue } from './flat-parameters.js';
import type { FlatGroup } from './flat-parameters.js';
import type { Objective } from './objective.js';
import { carriedNames } from './training-program.js';
import type { StepSettings } from './training-program.js';

export type GradientSettings = Pick<
  StepSettings,
  'batchSize' | 'tokens' | 'dropout' | 'accumulationSteps' | 'recompute'
>;

export function gradientName(group: string): string {
  return `gradient:${group}`;
}

/**
 * Inputs: for each group `param:` in the group's shape; `batch:<name>`; `dropout:<site>` [1, …], when there is dropout.
 * Outputs: for each group `gradient:` in its shape, and the batch's `loss`, a scalar.
 */
export function gradientProgram(
  objective: Objective,
  groups: readonly FlatGroup[],
  { batchSize, tokens, dropout = false, accumulationSteps = 1, recompute = false }: GradientSettings,
): Program {
  const graph = new Graph(`${objective.name}.gradients`);
  const parameters: ParameterValues = Object.assign(
    {},
    ...groups.map((group) => unpackValue(group, graph.input(carriedNames(group).parameter, 'float32', group.shape))),
  );
  const batch = Object.fromEntries(
    Object.entries(objective.batchShapes(batchSize, tokens)).map(
      ([name, shape]) => [name, graph.input(`batch:${name}`, 'int32', shape)] as const,
    ),
  );
  const first = scalar(graph, 0, 'int64');
  const { loss, slopes } = batchGradients(objective, groups, parameters, batch, {
    batchSize,
    accumulationSteps,
    recompute,
    dropout: dropout ? counterDropout(graph, 1, first, { parts: accumulationSteps, recompute }) : () => noDropout,
  });
  const gradients = groups.map(({ name }, i) => [gradientName(name), slopes[i]!] as const);
  return program(graph, { outputs: { loss, ...Object.fromEntries(gradients) } });
}

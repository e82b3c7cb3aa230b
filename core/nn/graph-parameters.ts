/** Parameters as inputs of a graph, and the feeds that fill them. Knows no architecture. */

import type { Graph, Value } from '../ir/index.js';
import type { HostTensor } from '../tensor.js';
import type { Parameters, ParameterShapes } from './parameters.js';

/** Parameters of a model inside a graph, by the checkpoint's own names. */
export type ParameterValues = Readonly<Record<string, Value<'float32'>>>;

/** Declares one input `param:<name>` a parameter. */
export function parameterInputs(graph: Graph, shapes: ParameterShapes): ParameterValues {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, graph.input(`param:${name}`, 'float32', shape)]),
  );
}

/** The feeds of `parameterInputs`. */
export function parameterFeeds(parameters: Parameters): Record<`param:${string}`, HostTensor<'float32'>> {
  const feeds: Record<`param:${string}`, HostTensor<'float32'>> = {};
  for (const [name, tensor] of Object.entries(parameters)) feeds[`param:${name}`] = tensor;
  return feeds;
}

/** One parameter. @throws RangeError when the model has none of that name */
export function parameter(parameters: ParameterValues, name: string): Value<'float32'> {
  const value = parameters[name];
  if (value === undefined)
    throw new RangeError(
      `parameter: expected a parameter ${name}, got only ${Object.keys(parameters).slice(0, 3).join(', ')} …`,
    );
  return value;
}

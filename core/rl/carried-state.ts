/** How parameters and moments travel through the update loop: in the groups of the optimiser. Knows no optimiser. */

import { pullback } from '../autodiff/index.js';
import type { Seed } from '../autodiff/index.js';
import { reshape } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import { parameter } from '../nn/index.js';
import type { Parameters, ParameterShapes, ParameterValues } from '../nn/index.js';
import type { HostTensor } from '../tensor.js';
import { flatGroups, ownGroups, packGroup, packValues, unpackGroup, unpackValue } from '../train/flat-parameters.js';
import type { FlatGroup } from '../train/flat-parameters.js';

export interface CarriedLayout {
  /** All parameters, in the model's order. */
  readonly shapes: ParameterShapes;
  readonly groups: readonly FlatGroup[];
}

/** Parts of the training state; carried values are named `<part>:<group>`. */
export type StatePart = 'param' | 'm' | 'v';
export const stateParts: readonly StatePart[] = ['param', 'm', 'v'];

/** @param heldShapes those of the parameters as the loop holds them, with zeros where a shape is larger */
export function carriedLayout(shapes: ParameterShapes, heldShapes: ParameterShapes): CarriedLayout {
  return { shapes, groups: flatGroups(shapes, heldShapes) };
}

/** The same, each parameter by itself. */
export function singleLayout(shapes: ParameterShapes, heldShapes: ParameterShapes): CarriedLayout {
  return { shapes, groups: ownGroups(shapes, heldShapes) };
}

/** What is carried for one part of the state, by the groups' names. */
export function carriedShapes({ groups }: CarriedLayout): ParameterShapes {
  return Object.fromEntries(groups.map(({ name, shape }) => [name, shape]));
}

/** Feeds of one part. */
export function packPart(
  { groups }: CarriedLayout,
  part: StatePart,
  values: Parameters,
): Record<string, HostTensor<'float32'>> {
  return Object.fromEntries(groups.map((group) => [`${part}:${group.name}`, packGroup(group, values)]));
}

/** One part out of a run's results, in the model's order. */
export function unpackPart({ shapes, groups }: CarriedLayout, part: StatePart, results: Parameters): Parameters {
  const byName: Parameters = Object.assign(
    {},
    ...groups.map((group) => unpackGroup(group, results[`${part}:${group.name}`]!)),
  );
  return Object.fromEntries(Object.keys(shapes).map((name) => [name, byName[name]!]));
}

/** The parameters inside the loop, each in its shape. */
export function parametersOf({ groups }: CarriedLayout, state: ParameterValues): ParameterValues {
  return Object.assign({}, ...groups.map((group) => unpackValue(group, parameter(state, `param:${group.name}`))));
}

/** Gradients of all that is carried, in the order of `carriedShapes`. */
export function carriedGradients(
  { groups }: CarriedLayout,
  parameters: ParameterValues,
  seeds: readonly Seed[],
): Value<'float32'>[] {
  const names = groups.flatMap(({ entries }) => entries.map(({ name }) => name));
  const slopes = pullback(
    seeds,
    names.map((name) => parameter(parameters, name)),
  );
  const byName = new Map(slopes.map((slope, i) => [names[i]!, slope]));
  return groups.map(({ entries, shape }) => reshape(packValues(entries.map(({ name }) => byName.get(name)!)), shape));
}

/**
 * How parameters and moments travel through the update loop: every matrix by itself, all smaller parameters packed into
 * one vector, since an op on 128 numbers costs as much as its launch. Knows no optimiser.
 */

import { pullback } from '../autodiff/index.js';
import type { Seed } from '../autodiff/index.js';
import type { Value } from '../ir/index.js';
import { parameter } from '../nn/index.js';
import type { Parameters, ParameterShapes, ParameterValues } from '../nn/index.js';
import type { HostTensor } from '../tensor.js';
import { flatGroups, packGroup, packValues, unpackGroup, unpackValue } from '../train/flat-parameters.js';
import type { FlatGroup } from '../train/flat-parameters.js';

export interface CarriedLayout {
  /** All parameters, in the model's order. */
  readonly shapes: ParameterShapes;
  readonly matrices: readonly string[];
  readonly packed: FlatGroup;
}

/** Parts of the training state; carried values are named `<part>:<parameter>`. */
export type StatePart = 'param' | 'm' | 'v';
export const stateParts: readonly StatePart[] = ['param', 'm', 'v'];

const PACKED = 'packed';

export function carriedLayout(shapes: ParameterShapes): CarriedLayout {
  const packed = flatGroups(shapes).find(({ name }) => name === 'plain');
  if (packed === undefined)
    throw new RangeError('carriedLayout: expected parameters of fewer than two dimensions, got none');
  return { shapes, matrices: Object.keys(shapes).filter((name) => shapes[name]!.length >= 2), packed };
}

/** What is carried for one part of the state: each matrix, and `packed` [N]. */
export function carriedShapes({ shapes, matrices, packed }: CarriedLayout): ParameterShapes {
  return { ...Object.fromEntries(matrices.map((name) => [name, shapes[name]!])), [PACKED]: [packed.size] };
}

/** Feeds of one part. */
export function packPart(
  { matrices, packed }: CarriedLayout,
  part: StatePart,
  values: Parameters,
): Record<string, HostTensor<'float32'>> {
  const own = matrices.map((name) => [`${part}:${name}`, values[name]!] as const);
  return { ...Object.fromEntries(own), [`${part}:${PACKED}`]: packGroup(packed, values) };
}

/** One part out of a run's results, in the model's order. */
export function unpackPart({ shapes, packed }: CarriedLayout, part: StatePart, results: Parameters): Parameters {
  const small = unpackGroup(packed, results[`${part}:${PACKED}`]!);
  return Object.fromEntries(Object.keys(shapes).map((name) => [name, small[name] ?? results[`${part}:${name}`]!]));
}

/** The parameters inside the loop, each in its shape. */
export function parametersOf({ matrices, packed }: CarriedLayout, state: ParameterValues): ParameterValues {
  const own = matrices.map((name) => [name, parameter(state, `param:${name}`)] as const);
  return { ...Object.fromEntries(own), ...unpackValue(packed, parameter(state, `param:${PACKED}`)) };
}

/** Gradients of all that is carried, in the order of `carriedShapes`. */
export function carriedGradients(
  layout: CarriedLayout,
  parameters: ParameterValues,
  seeds: readonly Seed[],
): Value<'float32'>[] {
  const { matrices, packed } = layout;
  const names = [...matrices, ...packed.entries.map(({ name }) => name)];
  const slopes = pullback(
    seeds,
    names.map((name) => parameter(parameters, name)),
  );
  return [...slopes.slice(0, matrices.length), packValues(slopes.slice(matrices.length))];
}

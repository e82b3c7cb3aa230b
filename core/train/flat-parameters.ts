/**
 * All parameters of a model as two long vectors: those that decay (two or more dimensions) and those that do not.
 * The optimizer then passes over two vectors instead of hundreds of small tensors. Knows no optimizer.
 */

import { concat, reshape, split } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import { ParameterError } from '../nn/parameters.js';
import type { Parameters, ParameterShapes } from '../nn/parameters.js';
import { hostTensor, sizeOf } from '../tensor.js';
import type { HostTensor, Shape } from '../tensor.js';

/** Parameters that lie behind one another in one vector. */
export interface FlatGroup {
  readonly name: 'decayed' | 'plain';
  readonly entries: readonly { readonly name: string; readonly shape: Shape; readonly offset: number; readonly size: number }[];
  readonly size: number;
}

/** The groups that are not empty, matrices first. */
export function flatGroups(shapes: ParameterShapes): FlatGroup[] {
  const matrices = Object.entries(shapes).filter(([, shape]) => shape.length >= 2);
  const others = Object.entries(shapes).filter(([, shape]) => shape.length < 2);
  return [flatGroup('decayed', matrices), flatGroup('plain', others)].filter((group) => group.size > 0);
}

function flatGroup(name: FlatGroup['name'], parameters: readonly (readonly [string, Shape])[]): FlatGroup {
  let offset = 0;
  const entries = parameters.map(([parameter, shape]) => {
    const entry = { name: parameter, shape, offset, size: sizeOf(shape) };
    offset += entry.size;
    return entry;
  });
  return { name, entries, size: offset };
}

/** Copies a group's parameters into one vector. @throws ParameterError when one is missing or of another size */
export function packGroup(group: FlatGroup, parameters: Parameters): HostTensor<'float32'> {
  const flat = new Float32Array(group.size);
  for (const { name, shape, offset, size } of group.entries) {
    const tensor = parameters[name];
    if (tensor === undefined || tensor.data.length !== size) {
      throw new ParameterError(name, `float32 [${shape.join(', ')}]`, tensor ? `[${tensor.shape.join(', ')}]` : 'nothing');
    }
    flat.set(tensor.data, offset);
  }
  return hostTensor('float32', [group.size], flat);
}

/** The parameters of a group's vector, as copies. */
export function unpackGroup(group: FlatGroup, flat: HostTensor<'float32'>): Parameters {
  return Object.fromEntries(
    group.entries.map(({ name, shape, offset, size }) => [name, hostTensor('float32', shape, flat.data.slice(offset, offset + size))]),
  );
}

/** The same inside a graph: [N] → each parameter in its shape. */
export function unpackValue(group: FlatGroup, flat: Value<'float32'>): ParameterValues {
  const parts = split(flat, 0, group.entries.map(({ size }) => size));
  return Object.fromEntries(group.entries.map(({ name, shape }, i) => [name, reshape(parts[i]!, shape)]));
}

/** Gradients of a group's parameters, in its order: [N]. */
export function packValues(values: readonly Value<'float32'>[]): Value<'float32'> {
  return concat(values.map((value) => reshape(value, [sizeOf(value.shape)])), 0);
}

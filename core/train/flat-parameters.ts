/**
 * How parameters travel through the training loop: each matrix by itself, and all others, which are small, as one vector,
 * since an op on a hundred numbers costs as much as its launch. Knows no optimizer.
 */

import { concat, reshape, split } from '../ir/index.js';
import type { Value } from '../ir/index.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import { ParameterError } from '../nn/parameters.js';
import type { Parameters, ParameterShapes } from '../nn/parameters.js';
import { hostTensor, sizeOf } from '../tensor.js';
import type { HostTensor, Shape } from '../tensor.js';

/** A matrix, or several parameters that lie behind one another in one vector. */
export interface FlatGroup {
  /** The matrix's own name, or `plain`. */
  readonly name: string;
  /** Whether weight decay applies: to matrices. */
  readonly decays: boolean;
  /** The matrix's own shape, or [N]. */
  readonly shape: Shape;
  readonly entries: readonly {
    readonly name: string;
    readonly shape: Shape;
    readonly offset: number;
    readonly size: number;
  }[];
  readonly size: number;
}

/** One group a matrix, and one, `plain`, of all parameters of fewer dimensions, when there are any. */
export function flatGroups(shapes: ParameterShapes): FlatGroup[] {
  const parameters = Object.entries(shapes);
  const matrices = parameters
    .filter(([, shape]) => shape.length >= 2)
    .map(([name, shape]) => ({
      name,
      decays: true,
      shape,
      entries: [{ name, shape, offset: 0, size: sizeOf(shape) }],
      size: sizeOf(shape),
    }));
  const plain = plainGroup(parameters.filter(([, shape]) => shape.length < 2));
  return plain.size > 0 ? [...matrices, plain] : matrices;
}

function plainGroup(parameters: readonly (readonly [string, Shape])[]): FlatGroup {
  let size = 0;
  const entries = parameters.map(([name, shape]) => {
    const entry = { name, shape, offset: size, size: sizeOf(shape) };
    size += entry.size;
    return entry;
  });
  return { name: 'plain', decays: false, shape: [size], entries, size };
}

/** Copies a group's parameters into one tensor. @throws ParameterError when one is missing or of another size */
export function packGroup(group: FlatGroup, parameters: Parameters): HostTensor<'float32'> {
  const flat = new Float32Array(group.size);
  for (const { name, shape, offset, size } of group.entries) {
    const tensor = parameters[name];
    if (tensor === undefined || tensor.data.length !== size) {
      throw new ParameterError(
        name,
        `float32 [${shape.join(', ')}]`,
        tensor ? `[${tensor.shape.join(', ')}]` : 'nothing',
      );
    }
    flat.set(tensor.data, offset);
  }
  return hostTensor('float32', group.shape, flat);
}

/** The parameters of a group's vector, as copies. */
export function unpackGroup(group: FlatGroup, flat: HostTensor<'float32'>): Parameters {
  return Object.fromEntries(
    group.entries.map(({ name, shape, offset, size }) => [
      name,
      hostTensor('float32', shape, flat.data.slice(offset, offset + size)),
    ]),
  );
}

/** The same inside a graph: each parameter in its shape. */
export function unpackValue(group: FlatGroup, flat: Value<'float32'>): ParameterValues {
  const [only] = group.entries;
  if (only && group.entries.length === 1) return { [only.name]: reshape(flat, only.shape) };
  const parts = split(
    flat,
    0,
    group.entries.map(({ size }) => size),
  );
  return Object.fromEntries(group.entries.map(({ name, shape }, i) => [name, reshape(parts[i]!, shape)]));
}

/** Gradients of a vector's parameters, in its order: [N]. */
export function packValues(values: readonly Value<'float32'>[]): Value<'float32'> {
  return concat(
    values.map((value) => reshape(value, [sizeOf(value.shape)])),
    0,
  );
}

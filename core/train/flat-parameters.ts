/**
 * How parameters travel through the training loop: each large matrix by itself, all others in two vectors, since an op on
 * a hundred numbers costs as much as its launch, and one on some thousands keeps a single thread busy. Knows no optimizer.
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
  /** The matrix's own name, `matrices` or `plain`. */
  readonly name: string;
  /** Whether weight decay applies: to matrices. */
  readonly decays: boolean;
  /** The matrix's shape, or [rows, columns], or [N]: the runtime works on rows in parallel. */
  readonly shape: Shape;
  readonly entries: readonly {
    readonly name: string;
    /** As it lies in the group. */
    readonly shape: Shape;
    /** The parameter's own: smaller where zeros were added behind its rows or columns. */
    readonly storedShape: Shape;
    readonly offset: number;
    readonly size: number;
  }[];
  readonly size: number;
}

/** Elements up to which launching the ops costs more than joining such matrices and parting them again. */
const SMALL_MATRIX = 2 ** 15;

/**
 * One group a large matrix; one, `matrices`, of all small ones; one, `plain`, of all parameters of fewer dimensions.
 * @param heldShapes shapes in the groups, none smaller than the parameter's own; default its own
 */
export function flatGroups(shapes: ParameterShapes, heldShapes: ParameterShapes = shapes): FlatGroup[] {
  const parameters = parametersOf(shapes, heldShapes);
  const isMatrix = ([, shape]: Parameter): boolean => shape.length >= 2;
  const isSmall = ([, shape]: Parameter): boolean => sizeOf(shape) <= SMALL_MATRIX;
  const matrices = parameters.filter(isMatrix);
  return [
    ...matrices.filter((matrix) => !isSmall(matrix)).map(ownGroup),
    packedGroup('matrices', true, matrices.filter(isSmall)),
    packedGroup(
      'plain',
      false,
      parameters.filter((parameter) => !isMatrix(parameter)),
    ),
  ].filter(({ size }) => size > 0);
}

/** One group a parameter, for an optimizer that passes over memory as it lies. */
export function ownGroups(shapes: ParameterShapes, heldShapes: ParameterShapes = shapes): FlatGroup[] {
  return parametersOf(shapes, heldShapes).map(ownGroup);
}

function parametersOf(shapes: ParameterShapes, heldShapes: ParameterShapes): Parameter[] {
  return Object.entries(shapes).map(([name, shape]) => [name, heldShapes[name] ?? shape, shape]);
}

type Parameter = readonly [name: string, shape: Shape, storedShape: Shape];

function ownGroup([name, shape, storedShape]: Parameter): FlatGroup {
  const size = sizeOf(shape);
  const decays = storedShape.length >= 2;
  return { name, decays, shape, entries: [{ name, shape, storedShape, offset: 0, size }], size };
}

function packedGroup(name: string, decays: boolean, parameters: readonly Parameter[]): FlatGroup {
  let size = 0;
  const entries = parameters.map(([entry, shape, storedShape]) => {
    const placed = { name: entry, shape, storedShape, offset: size, size: sizeOf(shape) };
    size += placed.size;
    return placed;
  });
  return { name, decays, shape: inRows(size), entries, size };
}

/** Columns of the rows that a vector is cut into: at least and at most. */
const MIN_COLUMNS = 64;
const MAX_COLUMNS = 1024;

function inRows(size: number): Shape {
  for (let columns = MAX_COLUMNS; columns >= MIN_COLUMNS; columns--)
    if (size % columns === 0) return [size / columns, columns];
  return [size];
}

/** A group's parameters as one tensor: a copy, unless there is but one. @throws ParameterError when one is missing or of another size */
export function packGroup(group: FlatGroup, parameters: Parameters): HostTensor<'float32'> {
  const [only, second] = group.entries;
  if (only && !second) return hostTensor('float32', group.shape, heldData(only, parameters));
  const flat = new Float32Array(group.size);
  for (const entry of group.entries) flat.set(heldData(entry, parameters), entry.offset);
  return hostTensor('float32', group.shape, flat);
}

type Entry = FlatGroup['entries'][number];

function heldData({ name, shape, storedShape }: Entry, parameters: Parameters): Float32Array {
  const tensor = parameters[name];
  if (tensor?.data.length === sizeOf(storedShape)) return fitted(tensor.data, storedShape, shape);
  const expected = `float32 [${storedShape.join(', ')}]`;
  throw new ParameterError(name, expected, tensor ? `[${tensor.shape.join(', ')}]` : 'nothing');
}

/** The parameters of a group's vector: copies, unless there is but one that lies there as it is. */
export function unpackGroup(group: FlatGroup, flat: HostTensor<'float32'>): Parameters {
  const [only, second] = group.entries;
  const partOf = ({ offset, size }: Entry) => (only && !second ? flat.data : flat.data.slice(offset, offset + size));
  return Object.fromEntries(
    group.entries.map((entry) => [
      entry.name,
      hostTensor('float32', entry.storedShape, fitted(partOf(entry), entry.shape, entry.storedShape)),
    ]),
  );
}

/** A vector or matrix with rows and columns left out or added at the ends, those added of zeros; a view where rows alone go. */
function fitted(data: Float32Array, from: Shape, to: Shape): Float32Array {
  const [[rowsFrom, columnsFrom], [rowsTo, columnsTo]] = [sidesOf(from), sidesOf(to)];
  if (columnsFrom === columnsTo && rowsTo <= rowsFrom) return data.subarray(0, rowsTo * columnsTo);
  const result = new Float32Array(rowsTo * columnsTo);
  if (columnsFrom === columnsTo) {
    result.set(data);
    return result;
  }
  const columns = Math.min(columnsFrom, columnsTo);
  for (let row = 0; row < Math.min(rowsFrom, rowsTo); row++)
    result.set(data.subarray(row * columnsFrom, row * columnsFrom + columns), row * columnsTo);
  return result;
}

const sidesOf = (shape: Shape): readonly [number, number] => [sizeOf(shape.slice(0, -1)), shape.at(-1) ?? 1];

/** The same inside a graph: each parameter in its shape. */
export function unpackValue(group: FlatGroup, flat: Value<'float32'>): ParameterValues {
  const [only] = group.entries;
  if (only && group.entries.length === 1) return { [only.name]: reshape(flat, only.shape) };
  const parts = split(
    reshape(flat, [group.size]),
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

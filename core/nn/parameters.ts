/** Named float32 parameters on the host: checked against expected shapes, or drawn at random. Knows no architecture. */

import { normals } from '../random/counter.js';
import { hostTensor, sizeOf } from '../tensor.js';
import type { HostTensor, Shape } from '../tensor.js';

/** Parameters by the checkpoint's own names. */
export type Parameters = Readonly<Record<string, HostTensor<'float32'>>>;
export type ParameterShapes = Readonly<Record<string, Shape>>;

/** How a fresh parameter starts. */
export type Initial = { readonly kind: 'zeros' | 'ones' } | { readonly kind: 'normal'; readonly deviation: number };

/** One parameter of an architecture. */
export interface ParameterSpec {
  readonly shape: Shape;
  readonly initial: Initial;
}
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** A checkpoint lacks a parameter, or holds it in another shape or dtype. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  constructor(
    readonly parameter: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`parameter ${parameter}: expected ${expected}, got ${got}; check that config.json belongs to these weights`);
  }
}

export function shapesOf(specs: ParameterSpecs): ParameterShapes {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.shape]));
}

/** Draws every parameter from its own stream `initial/<name>`, so that one does not depend on the others. */
export function initialParameters(specs: ParameterSpecs, seed: number): Parameters {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, initial }]) => [
      name,
      hostTensor('float32', shape, initialValues(name, shape, initial, seed)),
    ]),
  );
}

function initialValues(name: string, shape: Shape, initial: Initial, seed: number): Float32Array {
  const count = sizeOf(shape);
  if (initial.kind !== 'normal') return new Float32Array(count).fill(initial.kind === 'ones' ? 1 : 0);
  return normals({ seed, stream: `initial/${name}`, step: 0 }, count).map((value) => value * initial.deviation);
}

/**
 * Picks the parameters of `specs` out of a checkpoint's tensors; tensors that the architecture does not know are left out.
 * @param rename turns a checkpoint's name into the architecture's; errors say both where they differ.
 * @throws ParameterError on a missing parameter, another shape or another dtype.
 */
export function selectParameters(
  specs: ParameterSpecs,
  tensors: Readonly<Record<string, HostTensor>>,
  rename: (name: string) => string = (name) => name,
): Parameters {
  const byName = new Map(Object.entries(tensors).map(([given, tensor]) => [rename(given), { given, tensor }]));
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [name, checkedParameter(name, shape, byName.get(name))]),
  );
}

function isFloat32(tensor: HostTensor): tensor is HostTensor<'float32'> {
  return tensor.dtype === 'float32';
}

interface NamedTensor {
  /** The checkpoint's name. */
  readonly given: string;
  readonly tensor: HostTensor;
}

function checkedParameter(name: string, shape: Shape, found: NamedTensor | undefined): HostTensor<'float32'> {
  const expected = `float32 [${shape.join(', ')}]`;
  if (found === undefined) throw new ParameterError(name, expected, 'nothing');
  const { given, tensor } = found;
  if (isFloat32(tensor) && tensor.shape.join() === shape.join()) return tensor;
  const got = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
  throw new ParameterError(name, expected, given === name ? got : `${got} named ${given}`);
}

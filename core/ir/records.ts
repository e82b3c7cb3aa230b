/** Records of values: maps over them without losing what the compiler knows of names and dtypes. */

import type { DType } from '../tensor.js';
import { GraphError } from './errors.js';
import type { Spec, Value } from './graph.js';

export type Values = { readonly [name: string]: Value };

/** The same names and dtypes, shapes open. */
export type Like<R extends Values> = { readonly [N in keyof R]: Value<R[N]['dtype']> };

/** The same names with dtypes and shapes alone. */
export type SpecsOf<R extends Values> = { readonly [N in keyof R]: Spec<R[N]['dtype'], R[N]['shape']> };

/** Applies a function that keeps the dtype to each value, in the order of the keys; an absent record counts as empty. */
export function mapValues<R extends Values>(
  record: R | undefined,
  each: <D extends DType>(value: Value<D>, name: string) => Value<D>,
): Like<R>;
export function mapValues(
  record: Values | undefined,
  each: <D extends DType>(value: Value<D>, name: string) => Value<D>,
): Values {
  return Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [name, each(value, name)]));
}

/** The values of a record in the order of the given names. @throws GraphError when one is missing */
export function pick(where: string, record: Values | undefined, names: readonly string[]): readonly Value[] {
  return names.map((name) => {
    const value = record?.[name];
    if (!value)
      throw new GraphError(
        where,
        `expected a value named '${name}', got ${Object.keys(record ?? {}).join(', ') || 'none'}`,
      );
    return value;
  });
}

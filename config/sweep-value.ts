/** The values that a sweep can give to a setting: one value, or a list where the setting is a list itself. Knows no setting. */

import { z } from 'zod';

const scalar = z.union([z.number(), z.string(), z.boolean()]);

export const sweepValue = z.union([scalar, z.array(z.union([scalar, z.record(z.string(), scalar)])).readonly()]);

export type Scalar = z.infer<typeof scalar>;

export type SweepValue = z.infer<typeof sweepValue>;

export function isScalarList(value: unknown): value is Scalar[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => scalar.safeParse(one).success);
}

/** Values of a setting that is a list; each may be empty. */
export function isListOfLists(value: unknown): value is SweepValue[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => Array.isArray(one) && sweepValue.safeParse(one).success)
  );
}

/** As it would be given in YAML: `0.1`, `[".","!"]`. */
export function valueText(value: SweepValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

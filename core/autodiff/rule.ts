/** What a gradient rule is given and gives. */

import type { Node, Value } from '../ir/graph.js';
import type { OpName } from '../ir/op-table.js';

export type Float = Value<'float32'>;

/** A gradient that is known already: d loss / d value, of the value's shape. */
export interface Seed {
  readonly value: Float;
  readonly gradient: Float;
}

/** What a rule may ask of the differentiation that it is part of. */
export interface Differentiation {
  /** From gradients known at some values to those of others, each of which is held fixed while another changes. */
  pullback(seeds: readonly Seed[], wrt: readonly Float[]): readonly Float[];
  /** Whether a value's gradient is wanted. */
  wants(value: Value): boolean;
}

/**
 * From the gradients of a node's outputs (the first is there always, others when they were used) to those of its inputs;
 * undefined for inputs that have none.
 */
export type GradientRule<K extends OpName> = (
  node: Node<K>,
  dY: Float,
  dOutputs: readonly (Float | undefined)[],
  whole: Differentiation,
) => readonly (Float | undefined)[];

export type GradientRules = { readonly [K in OpName]: GradientRule<K> };

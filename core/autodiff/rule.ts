/** What a gradient rule is given and gives. */

import type { Node, Value } from '../ir/graph.js';
import type { OpName } from '../ir/op-table.js';

export type Float = Value<'float32'>;

/** A gradient that is known already: d loss / d value, of the value's shape. */
export interface Seed {
  readonly value: Float;
  readonly gradient: Float;
}

/** From gradients known at some values to those of others, each of which is held fixed while another changes. */
export type Pullback = (seeds: readonly Seed[], wrt: readonly Float[]) => readonly Float[];

/**
 * From the gradients of a node's outputs (the first is there always, others when they were used) to those of its inputs;
 * undefined for inputs that have none.
 */
export type GradientRule<K extends OpName> = (
  node: Node<K>,
  dY: Float,
  dOutputs: readonly (Float | undefined)[],
  pullback: Pullback,
) => readonly (Float | undefined)[];

export type GradientRules = { readonly [K in OpName]: GradientRule<K> };

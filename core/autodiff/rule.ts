/** What a gradient rule is given and gives. */

import type { Node, Value } from '../ir/graph.js';
import type { OpName } from '../ir/op-table.js';

export type Float = Value<'float32'>;

/**
 * From the gradients of a node's outputs (the first is there always, others when they were used) to those of its inputs;
 * undefined for inputs that have none.
 */
export type GradientRule<K extends OpName> = (
  node: Node<K>,
  dY: Float,
  dOutputs: readonly (Float | undefined)[],
) => readonly (Float | undefined)[];

export type GradientRules = { readonly [K in OpName]: GradientRule<K> };

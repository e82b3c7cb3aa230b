/** Ops written with plainer ones, for execution providers that lack them. Knows no program. */

import type { Node } from '../../ir/graph.js';
import type { FallbackOp } from './lacked-ops.js';
import { onnxTypes } from './protos.js';
import type { LoweringOptions, Scope } from './scope.js';

type Fallback<K extends FallbackOp> = (node: Node<K>, scope: Scope) => void;
type Fallbacks = { readonly [K in FallbackOp]: Fallback<K> };

const fallbackRules: Fallbacks = {
  /** x − max − log Σ exp(x − max) */
  LogSoftmax: (node, scope) => {
    const axes = scope.ints([node.attributes.axis]);
    const keepdims = { keepdims: 1n };
    const x = scope.name(node.inputs[0]);
    const shifted = scope.step('Sub', [x, scope.step('ReduceMax', [x, axes], keepdims)]);
    const sum = scope.step('ReduceSum', [scope.step('Exp', [shifted]), axes], keepdims);
    scope.write({
      op: 'Sub',
      inputs: [shifted, scope.step('Log', [sum])],
      outputs: [scope.name(node.outputs[0])],
    });
  },
  /** ¬(¬a ∧ ¬b) */
  Or: (node, scope) => {
    const neither = scope.step(
      'And',
      node.inputs.map((input) => scope.step('Not', [scope.name(input)])),
    );
    scope.write({ op: 'Not', inputs: [neither], outputs: [scope.name(node.outputs[0])] });
  },
  /** (x > 0) − (x < 0) */
  Sign: (node, scope) => {
    const x = scope.name(node.inputs[0]);
    const { dtype } = node.inputs[0];
    const to = BigInt(onnxTypes[dtype]);
    const zero = scope.float(0, dtype);
    const side = (op: 'Greater' | 'Less') => scope.step('Cast', [scope.step(op, [x, zero])], { to });
    scope.write({ op: 'Sub', inputs: [side('Greater'), side('Less')], outputs: [scope.name(node.outputs[0])] });
  },
};

export function isLacked(node: Node, { lacks = [] }: LoweringOptions): node is Node<FallbackOp> {
  return lacks.some((op) => op === node.op);
}

/** Writes one node in its plainer form. */
export function lowerPlainly<K extends FallbackOp>(node: Node<K>, scope: Scope): void {
  fallbackRules[node.op](node, scope);
}

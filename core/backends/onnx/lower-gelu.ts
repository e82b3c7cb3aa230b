/** GELU as one op of the runtime, or in parts where the share of x that it is serves its derivative as well. */

import { isOp, output } from '../../ir/emit.js';
import type { Node, Value } from '../../ir/graph.js';
import type { Scope } from './scope.js';

/** Whether a value is the share of a GELU. */
export function isGeluShare(value: Value): boolean {
  const node = value.graph.producer(value);
  return isOp(node, 'Gelu') && output(node, 1) === value;
}

export function lowerGelu(node: Node<'Gelu'>, scope: Scope): void {
  if (scope.lowering.geluInParts) lowerInParts(node, scope);
  else lowerWhole(node, scope);
}

function lowerWhole({ inputs: [x], outputs: [y], attributes: { approximate } }: Node<'Gelu'>, scope: Scope): void {
  const [inputs, outputs] = [[scope.name(x)], [scope.name(y)]];
  if (approximate === 'tanh' && scope.lowering.options.fused)
    scope.write({ op: 'FastGelu', domain: 'com.microsoft', inputs, outputs });
  else scope.write({ op: 'Gelu', inputs, outputs, attributes: { approximate } });
}

/** y = x · share. Of a training step this is quicker by a pass than the runtime's op and a derivative that begins anew. */
function lowerInParts(node: Node<'Gelu'>, scope: Scope): void {
  const [x, share] = [scope.name(node.inputs[0]), scope.name(output(node, 1))];
  const { dtype } = node.inputs[0];
  const number = (value: number) => scope.float(value, dtype);
  if (node.attributes.approximate === 'tanh') {
    // σ(2u) with 2u/x = 2√(2/π) (1 + 0.044715x²)
    const root = Math.sqrt(2 / Math.PI);
    const square = scope.step('Mul', [scope.step('Mul', [x, x]), number(2 * root * 0.044715)]);
    const rate = scope.step('Add', [square, number(2 * root)]);
    scope.write({ op: 'Sigmoid', inputs: [scope.step('Mul', [x, rate])], outputs: [share] });
  } else {
    // Φ(x) = (1 + erf(x/√2))/2
    const erf = scope.step('Erf', [scope.step('Mul', [x, number(Math.SQRT1_2)])]);
    scope.write({ op: 'Mul', inputs: [scope.step('Add', [erf, number(1)]), number(0.5)], outputs: [share] });
  }
  scope.write({ op: 'Mul', inputs: [x, share], outputs: [scope.name(node.outputs[0])] });
}

/** Joining and parting tensors in ONNX, in steps where a provider takes only so many parts at once. */

import type { Node } from '../../ir/graph.js';
import type { Scope } from './scope.js';

export function lowerConcat(node: Node<'Concat'>, scope: Scope): void {
  const { maxParts = Infinity } = scope.lowering.options;
  const attributes = { axis: BigInt(node.attributes.axis) };
  let parts = node.inputs.map((input) => scope.name(input));
  while (parts.length > maxParts) {
    const joined = scope.step('Concat', parts.slice(0, maxParts), attributes);
    parts = [joined, ...parts.slice(maxParts)];
  }
  scope.write({ op: 'Concat', inputs: parts, outputs: [scope.name(node.outputs[0])], attributes });
}

export function lowerSplit(node: Node<'Split'>, scope: Scope): void {
  const { axis, sizes } = node.attributes;
  const { maxParts = Infinity } = scope.lowering.options;
  const source = scope.name(node.inputs[0]);
  const outputs = node.outputs.map((output) => scope.name(output));
  if (outputs.length <= maxParts) {
    scope.write({ op: 'Split', inputs: [source, scope.ints(sizes)], outputs, attributes: { axis: BigInt(axis) } });
    return;
  }
  let start = 0;
  node.outputs.forEach((output, index) => {
    const end = start + (sizes[index] ?? 0);
    const inputs = [source, scope.ints([start]), scope.ints([end]), scope.ints([axis])];
    if (scope.lowering.live.has(output)) scope.write({ op: 'Slice', inputs, outputs: [scope.name(output)] });
    start = end;
  });
}

/**
 * The order in which onnxruntime runs nodes. It goes back from those that no other reads, the last in the model first: were
 * they last in the order they are computed in, all gradients of weights would wait for the end of the backward pass, and
 * with them every tensor that they need. Knows no op.
 */

import type { GraphProto, NodeProto } from './gen/onnx_pb.js';

/** Nodes in an order in which those that give results alone run as soon as they can, the first written first. */
export function resultsEarly({ node: nodes }: GraphProto): NodeProto[] {
  const read = new Set<string>();
  for (const node of nodes) markRead(node, read);
  const isLast = ({ output }: NodeProto): boolean => !output.some((name) => read.has(name));
  return [...nodes.filter((node) => !isLast(node)), ...nodes.filter(isLast).toReversed()];
}

function markRead({ input, attribute }: NodeProto, read: Set<string>): void {
  for (const name of input) read.add(name);
  for (const { g } of attribute) for (const inner of g?.node ?? []) markRead(inner, read);
}

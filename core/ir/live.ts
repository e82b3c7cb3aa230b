/** What of a graph its results need. Knows the loop, whose body has results of its own, and no other op. */

import { isOp } from './emit.js';
import type { Graph, Node, Value } from './graph.js';

/** The values among `roots` and all that they are computed from, in this graph and those around and inside it. */
export function liveValues(graph: Graph, roots: Iterable<Value>): ReadonlySet<Value> {
  const live = new Set(roots);
  markFrom(graph, live);
  return live;
}

/** Nodes of a graph, in order, with a live output. */
export function liveNodes(graph: Graph, live: ReadonlySet<Value>): readonly Node[] {
  return graph.nodes.filter((node) => isLive(node, live));
}

function markFrom(graph: Graph, live: Set<Value>): void {
  for (const node of graph.nodes.toReversed()) {
    if (!isLive(node, live)) continue;
    for (const input of node.inputs) live.add(input);
    if (isOp(node, 'Loop')) markBody(node, live);
  }
}

function markBody(node: Node<'Loop'>, live: Set<Value>): void {
  const { graph, carriedOut, scans } = node.attributes.body;
  for (const value of [...carriedOut, ...scans]) live.add(value);
  markFrom(graph, live);
}

function isLive(node: Node, live: ReadonlySet<Value>): boolean {
  return node.outputs.some((output) => live.has(output));
}

/** Whether any value of a graph, or of a loop inside it, is of float16. */
export function usesFloat16(graph: Graph): boolean {
  const isHalf = ({ dtype }: Value): boolean => dtype === 'float16';
  return (
    [...graph.inputs.values()].some(isHalf) ||
    graph.nodes.some(
      (node) => node.outputs.some(isHalf) || (isOp(node, 'Loop') && usesFloat16(node.attributes.body.graph)),
    )
  );
}

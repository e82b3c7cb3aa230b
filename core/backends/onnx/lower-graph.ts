/** Writes the live nodes of one graph and names what leaves it. Knows graphs, no single op. */

import type { Graph, Node, Value } from '../../ir/graph.js';
import { liveNodes } from '../../ir/live.js';
import { isLacked, lowerPlainly } from './lower-fallbacks.js';
import { lowerNode } from './lowering-rules.js';
import { lowerScaledSum, scaledSums } from './scaled-sums.js';
import type { Scope } from './scope.js';

/**
 * Writes a graph whose results leave under the given names. A result takes its output's name from the start: a copy at the
 * end is made only for inputs, outer values, and values that leave twice.
 */
export function lowerGraph(graph: Graph, results: Iterable<readonly [string, Value]>, scope: Scope): void {
  const leaving = [...results];
  const copies: (readonly [string, Value])[] = [];
  for (const [name, value] of leaving) {
    if (value.graph !== graph || scope.isNamed(value)) copies.push([name, value]);
    else scope.setName(value, name);
  }
  const { live, options } = scope.lowering;
  const values = leaving.map(([, value]) => value);
  const sums = options.scaledSums === true ? scaledSums(graph, live, values) : new Map<Node, never>();
  for (const { product } of sums.values()) scope.take(product);
  for (const node of liveNodes(graph, live)) {
    if (scope.isTaken(node)) continue;
    const sum = sums.get(node);
    if (sum) lowerScaledSum(node, sum, scope);
    else if (isLacked(node, options)) lowerPlainly(node, scope);
    else lowerNode(node, scope);
  }
  for (const [name, value] of copies) {
    scope.write({ op: 'Identity', inputs: [scope.name(value)], outputs: [name] });
  }
}

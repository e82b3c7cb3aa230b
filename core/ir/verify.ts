/** Checks that a graph is well formed: order, ownership, names, and that shapes and dtypes follow from the rules. */

import { GraphError } from './errors.js';
import type { Graph, Node, Spec, Value } from './graph.js';
import { inferRules } from './infer-rules.js';
import { isOp } from './emit.js';
import type { OpName } from './op-table.js';
import { sameShape, showShape } from './shapes.js';

/** @throws GraphError naming the graph, the node and what is wrong with it */
export function verify(graph: Graph, results: ReadonlyMap<string, Value>): void {
  verifyNodes(graph, new Set());
  if (results.size === 0) throw new GraphError(`program ${graph.name}`, 'it has no outputs');
  for (const [name, value] of results) {
    if (value.graph !== graph) {
      throw new GraphError(`program ${graph.name}`, `the output '${name}' belongs to the graph '${value.graph.name}'`);
    }
  }
}

function verifyNodes(graph: Graph, outer: ReadonlySet<Value>): void {
  const known = new Set([...outer, ...graph.inputs.values()]);
  for (const node of graph.nodes) {
    const where = `graph ${graph.name}, ${node.op}`;
    for (const input of node.inputs) verifyReadable(where, graph, known, input);
    verifySpecs(where, node);
    if (isOp(node, 'Loop')) verifyBody(node, known);
    for (const output of node.outputs) known.add(output);
  }
}

function verifyBody(node: Node<'Loop'>, known: ReadonlySet<Value>): void {
  const { graph, iteration, carriedIn, carriedOut, scans } = node.attributes.body;
  verifyNodes(graph, known);
  const declared = [...graph.inputs.values()];
  if (!sameList(declared, [iteration, ...carriedIn])) {
    throw new GraphError(`graph ${graph.name}`, 'its inputs are not the iteration and the carried values');
  }
  for (const value of [...carriedOut, ...scans]) {
    if (!graph.sees(value.graph))
      throw new GraphError(`graph ${graph.name}`, 'it gives back a value that it cannot read');
  }
}

function verifyReadable(where: string, graph: Graph, known: ReadonlySet<Value>, input: Value): void {
  if (!known.has(input)) {
    throw new GraphError(where, `it reads a value of ${showSpec(input)} that no earlier node or input gives`);
  }
  if (input.graph !== graph && !graph.captures.has(input)) {
    throw new GraphError(where, `it reads a value of the graph '${input.graph.name}' that is not among its captures`);
  }
}

function verifySpecs<K extends OpName>(where: string, node: Node<K>): void {
  const specs = inferRules[node.op](node.inputs, node.attributes);
  const fits =
    specs.length === node.outputs.length && specs.every((spec, index) => sameSpec(spec, node.outputs[index]));
  if (!fits) {
    throw new GraphError(
      where,
      `expected outputs ${specs.map(showSpec).join(', ')}, got ${node.outputs.map(showSpec).join(', ')}`,
    );
  }
}

function sameSpec(a: Spec, b: Spec | undefined): boolean {
  return b !== undefined && a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

function sameList(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function showSpec({ dtype, shape }: Spec): string {
  return `${dtype}${showShape(shape)}`;
}

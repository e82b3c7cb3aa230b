/** A graph as readable text, one node a line. Knows no op but the loop, whose body it indents. */

import { isOp } from './emit.js';
import { numbersOf } from './numbers.js';
import type { Graph, Node, Spec, Value } from './graph.js';
import { showShape } from './shapes.js';

/** `%5 = Add(%3, %4) : float32[2, 3]`, loops with their bodies; ends with the outputs when given. */
export function printGraph(graph: Graph, results: ReadonlyMap<string, Value> = new Map()): string {
  const inputs = [...graph.inputs].map(([name, value]) => `  %${value.id} = input '${name}' : ${showSpec(value)}`);
  const captures = [...graph.captures].map((value) => `  captures %${value.id} : ${showSpec(value)}`);
  const nodes = graph.nodes.flatMap((node) => printNode(node).map((line) => `  ${line}`));
  const outputs = [...results].map(([name, value]) => `  output '${name}' = %${value.id}`);
  return [`graph ${graph.name}`, ...inputs, ...captures, ...nodes, ...outputs].join('\n');
}

function printNode(node: Node): readonly string[] {
  const outputs = node.outputs.map(showId).join(', ');
  const inputs = node.inputs.map(showId).join(', ');
  const line = `${outputs} = ${node.op}(${inputs})${printAttributes(node)} : ${node.outputs.map(showSpec).join(', ')}`;
  if (!isOp(node, 'Loop')) return [line];
  const { graph, carriedOut, scans } = node.attributes.body;
  const ends = [
    `carries on ${carriedOut.map(showId).join(', ')}`,
    ...(scans.length > 0 ? [`stacks ${scans.map(showId).join(', ')}`] : []),
  ];
  return [line, ...[...printGraph(graph).split('\n'), ...ends.map((end) => `  ${end}`)].map((text) => `  ${text}`)];
}

function printAttributes(node: Node): string {
  if (isOp(node, 'Loop')) return ` {trip: ${node.attributes.trip}}`;
  if (isOp(node, 'Constant')) return ` {${printTensor(node)}}`;
  const parts = Object.entries(node.attributes).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? showShape(value) : String(value)}`,
  );
  return parts.length > 0 ? ` {${parts.join(', ')}}` : '';
}

function printTensor({ attributes: { tensor } }: Node<'Constant'>): string {
  const shown = numbersOf(tensor, 8).map(String).join(', ');
  return tensor.data.length > 8 ? `${shown}, …` : shown;
}

const showId = (value: Value): string => `%${value.id}`;
const showSpec = ({ dtype, shape }: Spec): string => `${dtype}${showShape(shape)}`;

/** The reference interpreter: runs a graph node by node by the rules of the ops. */

import type { Graph, Node, Value } from '../../../../core/ir/graph.js';
import type { OpName } from '../../../../core/ir/op-table.js';
import type { RefArray } from './array.js';
import type { RunBody } from './rules.js';
import { referenceRules } from './rules.js';

export type Environment = ReadonlyMap<Value, RefArray>;

/** Values of the given results, from those of the graph's inputs. */
export function evaluate(graph: Graph, inputs: Environment, results: readonly Value[]): readonly RefArray[] {
  const environment = new Map(inputs);
  for (const node of graph.nodes) {
    const outputs = applyRule(
      node,
      node.inputs.map((input) => find(environment, input)),
      bodyRunner(node, environment),
    );
    node.outputs.forEach((output, index) => environment.set(output, need(outputs[index])));
  }
  return results.map((result) => find(environment, result));
}

function applyRule<K extends OpName>(node: Node<K>, inputs: readonly RefArray[], runBody: RunBody) {
  return referenceRules[node.op](inputs, node.attributes, runBody);
}

function bodyRunner({ attributes }: Node, outer: Environment): RunBody {
  return (iteration, carried) => {
    if (!('body' in attributes)) throw new TypeError('only a loop has a body');
    const { body } = attributes;
    const environment = new Map(outer);
    environment.set(body.iteration, { shape: [], data: [iteration] });
    body.carriedIn.forEach((value, index) => environment.set(value, need(carried[index])));
    return evaluate(body.graph, environment, [...body.carriedOut, ...body.scans]);
  };
}

function find(environment: Environment, value: Value): RefArray {
  return need(environment.get(value));
}

function need<T>(found: T | undefined): T {
  if (found === undefined) throw new RangeError('a value was read before it was computed');
  return found;
}

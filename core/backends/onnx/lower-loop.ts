/** The loop in ONNX: trip count and condition as tensors, the body as a graph that sees the names outside. */

import type { Node, Value } from '../../ir/graph.js';
import { valueInfoProto } from './protos.js';
import type { Scope } from './scope.js';

export function lowerLoop(node: Node<'Loop'>, scope: Scope): void {
  const { trip } = node.attributes;
  scope.write({
    op: 'Loop',
    inputs: [scope.intScalar(trip), '', ...node.inputs.map((input) => scope.name(input))],
    outputs: node.outputs.map((output) => scope.name(output)),
    attributes: { body: lowerBody(node, scope) },
  });
}

function lowerBody({ attributes: { body } }: Node<'Loop'>, outer: Scope) {
  const scope = outer.inner(body.graph.name);
  const conditionIn = scope.fresh();
  const conditionOut = scope.fresh();
  const condition = { dtype: 'bool', shape: [] } as const;
  const inputs = [body.iteration, ...body.carriedIn].map((value) => valueInfoProto(scope.name(value), value));
  const [iteration, ...carried] = inputs;
  const results = [...body.carriedOut, ...body.scans].map((value): readonly [string, Value] => [scope.fresh(), value]);
  scope.write({ op: 'Identity', inputs: [conditionIn], outputs: [conditionOut] });
  scope.lowering.lowerGraph(body.graph, results, scope);
  return scope.finish(
    [...(iteration ? [iteration] : []), valueInfoProto(conditionIn, condition), ...carried],
    [valueInfoProto(conditionOut, condition), ...results.map(([name, value]) => valueInfoProto(name, value))],
  );
}

/**
 * The loop in ONNX. One that reads its iteration number only to pick slices becomes a Scan, which hands slices in and takes
 * them out without a copy; any other a Loop, its body a graph that sees the names outside.
 */

import { isOp } from '../../ir/emit.js';
import type { Node, Value } from '../../ir/graph.js';
import { valueInfoProto } from './protos.js';
import type { Scope } from './scope.js';

export function lowerLoop(node: Node<'Loop'>, scope: Scope): void {
  const slices = scope.lowering.options.fused ? slicesOf(node, scope) : undefined;
  if (slices) lowerScan(node, slices, scope);
  else lowerPlainLoop(node, scope);
}

function lowerPlainLoop(node: Node<'Loop'>, scope: Scope): void {
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
  const results = resultsOf(body, scope);
  scope.write({ op: 'Identity', inputs: [conditionIn], outputs: [conditionOut] });
  scope.lowering.lowerGraph(body.graph, results, scope);
  return scope.finish(
    [...(iteration ? [iteration] : []), valueInfoProto(conditionIn, condition), ...carried],
    [valueInfoProto(conditionOut, condition), ...results.map(([name, value]) => valueInfoProto(name, value))],
  );
}

type Body = Node<'Loop'>['attributes']['body'];

function resultsOf({ carriedOut, scans }: Body, scope: Scope): (readonly [string, Value])[] {
  return [...carriedOut, ...scans].map((value) => [scope.fresh(), value]);
}

/** The nodes that pick slice i of an outer value in iteration i, when nothing else reads the iteration number. */
function slicesOf(
  { attributes: { trip, body } }: Node<'Loop'>,
  { lowering: { live } }: Scope,
): Node<'Gather'>[] | undefined {
  const { graph, iteration, carriedOut, scans } = body;
  const slices: Node<'Gather'>[] = [];
  for (const node of graph.nodes) {
    if (!node.outputs.some((output) => live.has(output)) || !reads(node, iteration)) continue;
    if (!isOp(node, 'Gather') || node.attributes.axis !== 0) return undefined;
    const [source] = node.inputs;
    if (source === iteration || source.graph === graph || source.shape[0] !== trip) return undefined;
    slices.push(node);
  }
  const leaves = carriedOut.includes(iteration) || scans.includes(iteration);
  return leaves || slices.length === 0 ? undefined : slices;
}

function reads(node: Node, value: Value): boolean {
  return (
    node.inputs.some((input) => input === value) ||
    (isOp(node, 'Loop') && node.attributes.body.graph.captures.has(value))
  );
}

function lowerScan(node: Node<'Loop'>, slices: readonly Node<'Gather'>[], outer: Scope): void {
  const { body } = node.attributes;
  const scope = outer.inner(body.graph.name);
  for (const slice of slices) scope.take(slice);
  const results = resultsOf(body, scope);
  scope.lowering.lowerGraph(body.graph, results, scope);
  const inputs = [...body.carriedIn, ...slices.map(({ outputs: [slice] }) => slice)];
  const lowered = scope.finish(
    inputs.map((value) => valueInfoProto(scope.name(value), value)),
    results.map(([name, value]) => valueInfoProto(name, value)),
  );
  outer.write({
    op: 'Scan',
    inputs: [...node.inputs, ...slices.map(({ inputs: [source] }) => source)].map((value) => outer.name(value)),
    outputs: node.outputs.map((output) => outer.name(output)),
    attributes: { body: lowered, num_scan_inputs: BigInt(slices.length) },
  });
}

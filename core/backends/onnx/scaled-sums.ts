/**
 * x + y·s and x − y·s as one op, where s is a number or one a row: a pass over the elements in place of two, with the same
 * bits, as the product is rounded before the sum. Knows graphs, no model.
 */

import { isOp } from '../../ir/emit.js';
import type { Graph, Node, Value } from '../../ir/graph.js';
import { liveNodes } from '../../ir/live.js';
import { sameShape } from '../../ir/shapes.js';
import type { Shape } from '../../tensor.js';
import { sizeOf } from '../../tensor.js';
import type { Scope } from './scope.js';

export interface ScaledSum {
  /** The Mul that the sum takes in. */
  readonly product: Node<'Mul'>;
  readonly x: Value;
  readonly y: Value;
  readonly scale: Value;
  /** The product is taken away. */
  readonly negated: boolean;
}

type Sum = Node<'Add'> | Node<'Sub'>;

/** Of the live sums of a graph those that can be one op with a product that nothing else reads. */
export function scaledSums(
  graph: Graph,
  live: ReadonlySet<Value>,
  results: Iterable<Value>,
): ReadonlyMap<Node, ScaledSum> {
  const nodes = liveNodes(graph, live);
  const uses = readers(nodes, results);
  const found = new Map<Node, ScaledSum>();
  const taken = new Set<Node>();
  for (const node of nodes) {
    if (!isOp(node, 'Add') && !isOp(node, 'Sub')) continue;
    const sum = scaledSum(node, (product) => uses.get(product.outputs[0]) === 1 && !taken.has(product));
    if (!sum) continue;
    found.set(node, sum);
    taken.add(sum.product);
  }
  return found;
}

function readers(nodes: readonly Node[], results: Iterable<Value>): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const count = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const value of results) count(value);
  for (const node of nodes) {
    for (const input of node.inputs) count(input);
    if (isOp(node, 'Loop')) for (const outer of node.attributes.body.graph.captures) count(outer);
  }
  return uses;
}

function scaledSum(node: Sum, isFree: (product: Node<'Mul'>) => boolean): ScaledSum | undefined {
  const [a, b] = node.inputs;
  const negated = isOp(node, 'Sub');
  for (const [x, summand] of negated ? [[a, b] as const] : bothOrders(a, b)) {
    const product = node.outputs[0].graph.producer(summand);
    if (!isOp(product, 'Mul') || x.dtype !== 'float32' || !sameShape(x.shape, summand.shape)) continue;
    if (!isFree(product)) continue;
    for (const [y, scale] of bothOrders(...product.inputs)) {
      if (sameShape(y.shape, x.shape) && scales(x.shape, scale.shape)) return { product, x, y, scale, negated };
    }
  }
  return undefined;
}

const bothOrders = (a: Value, b: Value): readonly (readonly [Value, Value])[] => [
  [a, b],
  [b, a],
];

/** Rows and columns from which one number for all elements is worth the op that repeats it row by row. */
const MIN_ROWS = 16;
const MIN_COLUMNS = 64;

function scales(shape: Shape, scale: Shape): boolean {
  const columns = shape.at(-1) ?? 1;
  if (sizeOf(scale) > 1) return columns > 1 && sameShape(scale, rowsOf(shape));
  return scale.length <= shape.length && columns >= MIN_COLUMNS && sizeOf(shape) >= MIN_ROWS * columns;
}

const rowsOf = (shape: Shape): Shape => [...shape.slice(0, -1), 1];

export function lowerScaledSum(node: Node, { x, y, scale, negated }: ScaledSum, scope: Scope): void {
  const [output] = node.outputs;
  const signed = negated ? scope.step('Neg', [scope.name(scale)]) : scope.name(scale);
  const rows = rowsOf(output.shape);
  const gate = sameShape(scale.shape, rows) ? signed : scope.step('Expand', [signed, scope.ints(rows)]);
  scope.write({
    op: 'GatedAdd',
    domain: 'com.microsoft',
    inputs: [scope.name(x), scope.name(y), gate],
    outputs: [scope.name(output)],
  });
}

/** Reverse-mode differentiation: appends to a graph the nodes that compute the gradients of a loss. Knows no op. */

import type { Graph, Node, Value } from '../ir/graph.js';
import { scalar, ShapeError } from '../ir/index.js';
import type { OpName } from '../ir/op-table.js';
import { reshape } from '../ir/ops/layout.js';
import { sameShape, showShape } from '../ir/shapes.js';
import { sizeOf } from '../tensor.js';
import { accumulate, float, zeros } from './adjoints.js';
import { gradientRules } from './gradient-rules.js';
import type { Differentiation, Float, Seed } from './rule.js';

/**
 * d loss / d value for each value, in their order and of their shapes; zeros where the loss does not depend on one.
 * A value computed without wrt is a constant here, and so is what `cast` made of integers.
 * @throws ShapeError when the loss is more than one element; NotDifferentiableError on a path through a loop
 */
export function gradients(loss: Float, wrt: readonly Float[]): readonly Float[] {
  if (sizeOf(loss.shape) !== 1) {
    throw new ShapeError('gradients', 'a loss of one element (reduce it first)', showShape(loss.shape));
  }
  return pullback([{ value: loss, gradient: reshape(scalar(loss.graph, 1), loss.shape) }], wrt);
}

/**
 * The same from gradients that are known at some values, as where the end of a loss is differentiated by hand. Their sum
 * over all paths to each value is given; what lies between the seeds and the loss is not looked at.
 * @throws ShapeError when a seed's gradient has another shape than its value; NotDifferentiableError
 */
export function pullback(seeds: readonly Seed[], wrt: readonly Float[]): readonly Float[] {
  return propagate(seeds, wrt, new Set());
}

/** The same with each of the values held fixed while another changes, even where one is computed from another. */
function partialPullback(seeds: readonly Seed[], wrt: readonly Float[]): readonly Float[] {
  return propagate(seeds, wrt, new Set(wrt));
}

function propagate(seeds: readonly Seed[], wrt: readonly Float[], fixed: ReadonlySet<Value>): readonly Float[] {
  const adjoints = new Map<Value, Float>();
  for (const { value, gradient } of seeds) {
    if (!sameShape(value.shape, gradient.shape)) {
      throw new ShapeError('pullback', `a gradient of shape ${showShape(value.shape)}`, showShape(gradient.shape));
    }
    adjoints.set(value, accumulate(adjoints.get(value), gradient));
  }
  const nodes = dependentNodes(
    seeds.map(({ value }) => value.graph),
    wrt,
    fixed,
  );
  const needed = new Set<Value>([...wrt, ...nodes.flatMap((node) => node.outputs)]);
  for (const node of nodes.toReversed()) backward(node, adjoints, needed);
  return wrt.map((value) => adjoints.get(value) ?? zeros(value.graph, value.shape));
}

/** Nodes, in order, that compute something from the given values: in these graphs and those around them. */
function dependentNodes(graphs: readonly Graph[], wrt: readonly Value[], fixed: ReadonlySet<Value>): readonly Node[] {
  const dependent = new Set<Value>(wrt);
  const visible = new Set(graphs.flatMap(visibleNodes));
  return [...visible].filter((node) => {
    const isFixed = node.outputs.some((output) => fixed.has(output));
    const depends = !isFixed && readValues(node).some((value) => dependent.has(value));
    if (depends) for (const output of node.outputs) dependent.add(output);
    return depends;
  });
}

function visibleNodes(graph: Graph): readonly Node[] {
  return [...(graph.parent ? visibleNodes(graph.parent) : []), ...graph.nodes];
}

/** Operands, and what a loop's body reads from outside. */
function readValues(node: Node): readonly Value[] {
  const captures = 'body' in node.attributes ? [...node.attributes.body.graph.captures] : [];
  return [...node.inputs, ...captures];
}

/** Adds a node's share to the gradients of its inputs, when its outputs have any. */
function backward(node: Node, adjoints: Map<Value, Float>, needed: ReadonlySet<Value>): void {
  const dOutputs = node.outputs.map((output) => adjoints.get(output));
  if (dOutputs.every((dOutput) => dOutput === undefined)) return;
  const [first] = node.outputs;
  const whole = { pullback: partialPullback, wants: (value: Value) => needed.has(value) };
  const dInputs = applyRule(node, dOutputs[0] ?? zeros(first.graph, first.shape), dOutputs, whole);
  node.inputs.forEach((input, index) => {
    const dInput = dInputs[index];
    if (dInput && needed.has(input)) adjoints.set(input, accumulate(adjoints.get(input), float(dInput)));
  });
}

function applyRule<K extends OpName>(
  node: Node<K>,
  dY: Float,
  dOutputs: readonly (Float | undefined)[],
  whole: Differentiation,
) {
  return gradientRules[node.op](node, dY, dOutputs, whole);
}

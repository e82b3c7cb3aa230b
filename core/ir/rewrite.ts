/** Builds a program anew, node by node by a rule. Knows the loop, whose body is built anew as well, and no other op. */

import { fromFloat16, toFloat16 } from '../half-precision.js';
import type { Floating } from '../tensor.js';
import { hostTensor } from '../tensor.js';
import { constant, emit, emitInto, isOp, typed } from './emit.js';
import { GraphError } from './errors.js';
import { Graph } from './graph.js';
import type { Node, Value } from './graph.js';
import { liveNodes, liveValues } from './live.js';
import type { InputsOf, OpName } from './op-table.js';
import { cast } from './ops/elementwise.js';
import { program } from './program.js';
import type { Program } from './program.js';

type PlainOp = Exclude<OpName, 'Loop'>;

/** From a node, its operands in the new graph and that graph to the values that stand for its outputs there. */
export type RewriteRule = (node: Node<PlainOp>, inputs: InputsOf<PlainOp>, graph: Graph) => readonly Value[];

interface Rewriting {
  readonly rule: RewriteRule;
  readonly live: ReadonlySet<Value>;
  /** Values of the new graph by those that they stand for. */
  readonly rebuilt: Map<Value, Value>;
}

/** The same inputs and outputs, of the same dtypes, with every live node but loops made by the rule. */
export function rewriteProgram(source: Program, rule: RewriteRule): Program {
  const graph = new Graph(source.graph.name);
  const rewriting = { rule, live: liveValues(source.graph, source.results.values()), rebuilt: new Map<Value, Value>() };
  rewriteGraph(source.graph, graph, rewriting);
  const outputs = [...source.results].map(([name, value]) => [name, asBefore(value, rewriting)] as const);
  return program(graph, { outputs: Object.fromEntries(outputs) });
}

/** Appends a node's op with other operands. */
export function emitAgain<K extends OpName>(node: Node<K>, inputs: InputsOf<K>, graph: Graph): readonly Value[] {
  if (inputs.length === 0) return emitInto(graph, node.op, inputs, node.attributes).outputs;
  return emit(node.op, inputs, node.attributes).outputs;
}

/** Operands with each one replaced. */
export function mapInputs<K extends OpName>(
  inputs: InputsOf<K>,
  each: (value: Value, index: number) => Value,
): InputsOf<K>;
export function mapInputs(inputs: readonly Value[], each: (value: Value, index: number) => Value): readonly Value[] {
  return inputs.map(each);
}

/** The value in another float dtype; a constant becomes another constant. */
export function castFloat(value: Value, to: Floating): Value {
  if (value.dtype === to) return value;
  const node = value.graph.producer(value);
  if (!isOp(node, 'Constant')) return cast(value, to);
  const { shape, data } = node.attributes.tensor;
  if (data instanceof Float32Array) return constant(value.graph, hostTensor('float16', shape, toFloat16(data)));
  if (data instanceof Uint16Array) return constant(value.graph, hostTensor('float32', shape, fromFloat16(data)));
  return cast(value, to);
}

function rewriteGraph(source: Graph, graph: Graph, rewriting: Rewriting): void {
  const { live, rebuilt } = rewriting;
  for (const [name, value] of source.inputs) rebuilt.set(value, graph.input(name, value.dtype, value.shape));
  for (const node of liveNodes(source, live)) {
    const outputs = rewriteNode(node, graph, rewriting);
    node.outputs.forEach((value, index) => {
      const output = outputs[index];
      if (output !== undefined) rebuilt.set(value, output);
    });
  }
}

function rewriteNode(node: Node, graph: Graph, rewriting: Rewriting): readonly Value[] {
  if (isOp(node, 'Loop')) return rewriteLoop(node, graph, rewriting);
  return isPlain(node) ? rewritePlain(node, graph, rewriting) : [];
}

function isPlain(node: Node): node is Node<PlainOp> {
  return node.op !== 'Loop';
}

/** A stretch that would be computed anew has been by now: its result is enough. */
function rewritePlain(node: Node<PlainOp>, graph: Graph, rewriting: Rewriting): readonly Value[] {
  const inputs = mapInputs(node.inputs, (input) => standIn(input, rewriting));
  if (isOp(node, 'Recompute')) return inputs.slice(0, 1);
  return rewriting.rule(node, inputs, graph);
}

function rewriteLoop(node: Node<'Loop'>, outer: Graph, rewriting: Rewriting): readonly Value[] {
  const { trip, body } = node.attributes;
  const graph = new Graph(body.graph.name, outer);
  rewriteGraph(body.graph, graph, rewriting);
  const before = (value: Value) => asBefore(value, rewriting);
  const carriedOut = body.carriedOut.map(before);
  const scans = body.scans.map(before);
  for (const value of [...carriedOut, ...scans]) graph.capture(value);
  const rebuilt = {
    graph,
    iteration: typed(standIn(body.iteration, rewriting), 'int64'),
    carriedIn: body.carriedIn.map((value) => standIn(value, rewriting)),
    carriedOut,
    scans,
  };
  return emitInto(outer, 'Loop', node.inputs.map(before), { trip, body: rebuilt }).outputs;
}

function standIn(value: Value, { rebuilt }: Rewriting): Value {
  const found = rebuilt.get(value);
  if (!found) throw new GraphError(`graph ${value.graph.name}`, `value ${value.id} was read before it was built anew`);
  return found;
}

/** What stands for a value, in the dtype that it had. */
function asBefore(value: Value, rewriting: Rewriting): Value {
  return cast(standIn(value, rewriting), value.dtype);
}

/** Appends nodes: finds the graph that a node belongs to, infers its outputs, and reuses an equal node. Knows no single op. */

import { float16Bits } from '../half-precision.js';
import type { DType, HostTensor } from '../tensor.js';
import { hostTensor, sizeOf } from '../tensor.js';
import { DTypeError, GraphError } from './errors.js';
import type { Graph, Node, Value } from './graph.js';
import { inferRules } from './infer-rules.js';
import type { AttributesOf, InputsOf, OpName } from './op-table.js';

/** Constants above this many elements are never compared with others. */
const SHARED_CONSTANT_SIZE = 64;

/** An operand of an op: a value, or a number that becomes a constant of the other operand's dtype. */
export type Operand<D extends DType = DType> = Value<D> | number;

/** Appends a node to the innermost graph among its operands' graphs. @throws GraphError when these are unrelated */
export function emit<K extends OpName>(op: K, inputs: InputsOf<K>, attributes: AttributesOf<K>): Node {
  return emitInto(innermost(op, inputs), op, inputs, attributes);
}

/** Appends a node to a given graph. */
export function emitInto<K extends OpName>(
  graph: Graph,
  op: K,
  inputs: InputsOf<K>,
  attributes: AttributesOf<K>,
): Node {
  const specs = inferRules[op](inputs, attributes);
  const operands = inputs.map((input) => input.id).join(',');
  const described = describe(attributes);
  return graph.append(
    op,
    inputs,
    attributes,
    specs,
    described === undefined ? undefined : `${op}(${operands})${described}`,
  );
}

/** The first output, with its dtype known to the compiler. */
export function typed<D extends DType>(value: Value, dtype: D): Value<D> {
  if (!hasDType(value, dtype)) throw new DTypeError(`graph ${value.graph.name}`, dtype, value.dtype);
  return value;
}

export function hasDType<D extends DType>(value: Value, dtype: D): value is Value<D> {
  return value.dtype === dtype;
}

/** Whether a node is of one op, for passes that look at single patterns. */
export function isOp<K extends OpName>(node: Node | undefined, op: K): node is Node<K> {
  return node?.op === op;
}

/** An output by its position. @throws GraphError when the node has fewer */
export function output(node: Node, index: number): Value {
  const value = node.outputs[index];
  if (!value) throw new GraphError(node.op, `output ${index} of ${node.outputs.length} was asked for`);
  return value;
}

/** A tensor that is part of the graph. Keep these small; what is learned comes in as an input. */
export function constant<D extends DType>(graph: Graph, tensor: HostTensor<D>): Value<D> {
  return typed(emitInto(graph, 'Constant', [], { tensor }).outputs[0], tensor.dtype);
}

const scalarData = {
  float32: (number: number) => Float32Array.of(number),
  float16: (number: number) => Uint16Array.of(float16Bits(number)),
  int32: (number: number) => Int32Array.of(number),
  int64: (number: number) => BigInt64Array.of(BigInt(number)),
  bool: (number: number) => Uint8Array.of(number),
} as const;

/** A constant of rank 0. */
export function scalar(graph: Graph, number: number): Value<'float32'>;
export function scalar<D extends DType>(graph: Graph, number: number, dtype: D): Value<D>;
export function scalar(graph: Graph, number: number, dtype: DType = 'float32'): Value {
  return constant(graph, hostTensor(dtype, [], scalarData[dtype](number)));
}

/** Two operands as values, a number taking the other's dtype. @throws GraphError when both are numbers */
export function operandPair<D extends DType>(
  where: string,
  a: Operand<D>,
  b: Operand<D>,
): readonly [Value<D>, Value<D>] {
  if (typeof a !== 'number') return [a, typeof b === 'number' ? scalar(a.graph, b, a.dtype) : b];
  if (typeof b !== 'number') return [scalar(b.graph, a, b.dtype), b];
  throw new GraphError(where, 'at least one operand must be a value of a graph');
}

function innermost(op: OpName, inputs: readonly Value[]): Graph {
  const [first, ...rest] = inputs;
  if (!first) throw new GraphError(op, 'an op without operands needs to be told its graph');
  return rest.reduce((graph, { graph: other }) => {
    if (graph.sees(other)) return graph;
    if (other.sees(graph)) return other;
    throw new GraphError(op, `its operands belong to the unrelated graphs '${graph.name}' and '${other.name}'`);
  }, first.graph);
}

/** Attributes as a text that equal attributes share; none for what is never shared. */
function describe(attributes: object): string | undefined {
  const parts: string[] = [];
  for (const [name, attribute] of Object.entries(attributes)) {
    const text = describeOne(attribute);
    if (text === undefined) return undefined;
    parts.push(`${name}=${text}`);
  }
  return parts.join(';');
}

function describeOne(attribute: unknown): string | undefined {
  if (typeof attribute === 'function') return undefined;
  if (typeof attribute === 'object' && attribute !== null && !Array.isArray(attribute)) {
    return isTensor(attribute) && sizeOf(attribute.shape) <= SHARED_CONSTANT_SIZE
      ? `${attribute.dtype}[${attribute.shape.join()}]${Array.from(attribute.data, showNumber).join()}`
      : undefined;
  }
  return String(attribute);
}

/** −0 and 0 differ as constants. */
function showNumber(number: number | bigint): string {
  return Object.is(number, -0) ? '-0' : String(number);
}

function isTensor(attribute: object): attribute is HostTensor {
  return 'dtype' in attribute && 'shape' in attribute && 'data' in attribute;
}

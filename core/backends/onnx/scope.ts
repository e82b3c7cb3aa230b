/** One ONNX graph being written: names of values, nodes, small constants. Knows no op. */

import { create } from '@bufbuild/protobuf';
import { float16Bits } from '../../half-precision.js';
import type { DType, HostTensor } from '../../tensor.js';
import { hostTensor } from '../../tensor.js';
import type { Graph, Node, Spec, Value } from '../../ir/graph.js';
import type { GraphProto, ValueInfoProto } from './gen/onnx_pb.js';
import { GraphProtoSchema } from './gen/onnx_pb.js';
import type { FallbackOp } from './lacked-ops.js';
import type { OnnxAttributes, OnnxNode } from './protos.js';
import { externalTensorProto, nodeProto, tensorProto } from './protos.js';

export interface LoweringOptions {
  /** Uses fused ops of the com.microsoft domain. Without, every op is of the standard domain. */
  readonly fused: boolean;
  /** Turns the operands of large products of a transposed matrix in ops of their own, which pays on a CPU. */
  readonly turnLarge?: boolean;
  /** Writes x + y·s as one op, which the CPU provider has. */
  readonly scaledSums?: boolean;
  /** Results go into memory that the caller gives, and are written as soon as they can be. */
  readonly intoMemory?: boolean;
  /** Most tensors that one op joins or parts at once; more are handled in steps. Shaders see few buffers. */
  readonly maxParts?: number;
  /** Ops that the execution provider has no kernel for: their plainer forms are written. */
  readonly lacks?: readonly FallbackOp[];
}

/** What all scopes of one program share. */
export interface Lowering {
  readonly options: LoweringOptions;
  readonly live: ReadonlySet<Value>;
  /** Every GELU is written in parts, as the share of one is wanted: one that is computed twice then gives the same bits. */
  readonly geluInParts: boolean;
  /** Writes a graph into its scope; results leave under the given names. */
  readonly lowerGraph: (graph: Graph, results: Iterable<readonly [string, Value]>, scope: Scope) => void;
}

/** Names are unique over all nested scopes, as inner graphs see outer names. */
export class Scope {
  readonly #graph: GraphProto;
  readonly #names: Map<Value, string>;
  readonly #constants = new Map<string, string>();
  readonly #counter: { next: number };
  readonly #taken = new Set<Node>();

  constructor(
    name: string,
    readonly lowering: Lowering,
    private readonly outer?: Scope,
  ) {
    this.#graph = create(GraphProtoSchema, { name });
    this.#names = outer ? outer.#names : new Map<Value, string>();
    this.#counter = outer ? outer.#counter : { next: 0 };
  }

  inner(name: string): Scope {
    return new Scope(name, this.lowering, this);
  }

  /** Fixes the name of a value before the node that gives it is written. */
  setName(value: Value, name: string): void {
    this.#names.set(value, name);
  }

  isNamed(value: Value): boolean {
    return this.#names.has(value);
  }

  /** The name of a value; `%id` unless it was set. */
  name(value: Value): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `%${value.id}`;
    this.#names.set(value, name);
    return name;
  }

  /** A fresh name for something between two nodes. */
  fresh(): string {
    return `%t${this.#counter.next++}`;
  }

  /** Says that a node's result comes in from outside: it is not to be written. */
  take(node: Node): void {
    this.#taken.add(node);
  }

  isTaken(node: Node): boolean {
    return this.#taken.has(node);
  }

  write(node: OnnxNode): void {
    this.#graph.node.push(nodeProto(node));
  }

  /** Writes a node with one output under a fresh name and gives that name. */
  step(op: string, inputs: readonly string[], attributes: OnnxAttributes = {}): string {
    const output = this.fresh();
    this.write({ op, inputs, outputs: [output], attributes });
    return output;
  }

  /** A small constant list of int64, shared among its users. */
  ints(values: readonly number[]): string {
    return this.#shared(`ints [${values.join()}]`, () =>
      hostTensor('int64', [values.length], BigInt64Array.from(values, BigInt)),
    );
  }

  intScalar(value: number): string {
    return this.#shared(`int ${value}`, () => hostTensor('int64', [], BigInt64Array.of(BigInt(value))));
  }

  float(value: number, dtype: DType = 'float32'): string {
    if (dtype === 'float16')
      return this.#shared(`float16 ${value}`, () => hostTensor('float16', [], Uint16Array.of(float16Bits(value))));
    const single = Math.fround(value);
    return this.#shared(`${dtype} ${single}`, () => hostTensor('float32', [], Float32Array.of(single)));
  }

  initializer(name: string, tensor: HostTensor): void {
    this.#graph.initializer.push(tensorProto(name, tensor));
  }

  externalInitializer(name: string, spec: Spec): void {
    this.#graph.initializer.push(externalTensorProto(name, spec));
  }

  finish(inputs: readonly ValueInfoProto[], outputs: readonly ValueInfoProto[]): GraphProto {
    this.#graph.input.push(...inputs);
    this.#graph.output.push(...outputs);
    return this.#graph;
  }

  /** Of this graph or one around it. */
  #known(key: string): string | undefined {
    return this.#constants.get(key) ?? (this.outer ? this.outer.#known(key) : undefined);
  }

  #shared(key: string, make: () => HostTensor): string {
    const known = this.#known(key);
    if (known !== undefined) return known;
    const name = this.fresh();
    this.initializer(name, make());
    this.#constants.set(key, name);
    return name;
  }
}

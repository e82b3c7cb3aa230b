/** Graphs, their nodes and values. Knows how to append a node once, not what any op means. */

import type { DType, Shape } from '../tensor.js';
import { GraphError } from './errors.js';
import type { AttributesOf, InputsOf, OpName } from './op-table.js';

/** Element type and sizes of a tensor. */
export interface Spec<D extends DType = DType, S extends Shape = Shape> {
  readonly dtype: D;
  readonly shape: S;
}

/** A symbolic tensor: an input of its graph or the result of one of its nodes. */
export interface Value<D extends DType = DType, S extends Shape = Shape> extends Spec<D, S> {
  readonly graph: Graph;
  /** Unique among a graph and all graphs nested in it. */
  readonly id: number;
}

export type NonEmpty<T> = readonly [T, ...T[]];

/** One application of an op. */
export interface Node<K extends OpName = OpName> {
  readonly op: K;
  readonly inputs: InputsOf<K>;
  readonly attributes: AttributesOf<K>;
  readonly outputs: NonEmpty<Value>;
}

interface Counter {
  next: number;
}

/**
 * Nodes in an order in which each comes after what it reads. Appending the same op on the same operands twice gives the
 * same node, so common subexpressions exist once. A graph with a parent is the body of a loop; the outer values that it
 * reads are its captures.
 */
export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs = new Map<string, Value>();
  readonly captures = new Set<Value>();
  readonly #producers = new Map<Value, Node>();
  readonly #known = new Map<string, Node>();
  readonly #ids: Counter;

  constructor(
    readonly name: string,
    readonly parent?: Graph,
  ) {
    this.#ids = parent ? parent.#ids : { next: 0 };
  }

  /** Declares an input. @throws GraphError when the name is taken. */
  input<D extends DType, const S extends Shape>(name: string, dtype: D, shape: S): Value<D, S> {
    if (this.inputs.has(name)) throw new GraphError(`graph ${this.name}`, `the input '${name}' is declared twice`);
    const value = this.#value(dtype, shape);
    this.inputs.set(name, value);
    return value;
  }

  /** The node that computes a value; none for inputs and for values of other graphs. */
  producer(value: Value): Node | undefined {
    return this.#producers.get(value);
  }

  /** Whether values of `other` can be read here: it is this graph or one around it. */
  sees(other: Graph): boolean {
    return other === this || (this.parent?.sees(other) ?? false);
  }

  /** Notes that this graph, and each between it and the value's own, reads an outer value. */
  capture(value: Value): void {
    if (value.graph === this) return;
    if (!this.sees(value.graph)) {
      throw new GraphError(
        `graph ${this.name}`,
        `a value of the unrelated graph '${value.graph.name}' is read; build both in one graph`,
      );
    }
    this.captures.add(value);
    this.parent?.capture(value);
  }

  /** Appends a node with outputs of the given specs, or finds the one that `key` already names. */
  append<K extends OpName>(
    op: K,
    inputs: InputsOf<K>,
    attributes: AttributesOf<K>,
    specs: NonEmpty<Spec>,
    key: string | undefined,
  ): Node {
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known) return known;
    for (const input of inputs) this.capture(input);
    const [first, ...rest] = specs;
    const outputs: NonEmpty<Value> = [this.#valueOf(first), ...rest.map((spec) => this.#valueOf(spec))];
    const node: Node<K> = { op, inputs, attributes, outputs };
    this.nodes.push(node);
    for (const output of outputs) this.#producers.set(output, node);
    if (key !== undefined) this.#known.set(key, node);
    return node;
  }

  #valueOf(spec: Spec): Value {
    return this.#value(spec.dtype, spec.shape);
  }

  #value<D extends DType, S extends Shape>(dtype: D, shape: S): Value<D, S> {
    return { dtype, shape, graph: this, id: this.#ids.next++ };
  }
}

/** Programs: a graph with named outputs, typed by the names, dtypes and shapes of what goes in and comes out. */

import type { DType, HostTensor } from '../tensor.js';
import { GraphError } from './errors.js';
import type { Graph, Spec, Value } from './graph.js';
import type { SpecsOf, Values } from './records.js';
import { verify } from './verify.js';

export type Signature = { readonly [name: string]: Spec };

/** A graph ready to run. `In` and `Out` say what it takes and gives. */
export interface Program<In extends Signature = Signature, Out extends Signature = Signature> {
  readonly graph: Graph;
  readonly inputs: In;
  readonly outputs: Out;
  /** The values behind the outputs, in their order. */
  readonly results: ReadonlyMap<string, Value>;
}

/** Host tensors for a signature: its names, each with its dtype. */
export type TensorsOf<S extends Signature> = { readonly [N in keyof S]: HostTensor<S[N]['dtype']> };

/** A named group of values in one type: `Group<'param', 'float32'>` admits `param:…` and nothing else. */
export type Group<Prefix extends string, D extends DType> = { readonly [N in `${Prefix}:${string}`]: Value<D> };

/**
 * Closes a graph. Give `inputs` under their own names to have them typed; left out, any name may be fed as far as the
 * compiler knows (a run checks in any case). A `Group` joins other inputs by `Object.assign({ tokens }, params)`, as a
 * spread would lose its type.
 * @throws GraphError, ShapeError or DTypeError when the graph is not well formed
 */
export function program<Out extends Values, In extends Values = Values>(
  graph: Graph,
  { inputs, outputs }: { inputs?: In; outputs: Out },
): Program<SpecsOf<In>, SpecsOf<Out>>;
export function program(graph: Graph, { inputs, outputs }: { inputs?: Values; outputs: Values }): Program {
  if (inputs) checkInputs(graph, inputs);
  const results = new Map(Object.entries(outputs));
  verify(graph, results);
  return { graph, inputs: specs(graph.inputs), outputs: specs(results), results };
}

function specs(values: ReadonlyMap<string, Value>): Signature {
  return Object.fromEntries([...values].map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
}

/** The names given must be those declared: a run goes by the declared ones. */
function checkInputs(graph: Graph, inputs: Values): void {
  for (const [name, value] of Object.entries(inputs)) {
    if (graph.inputs.get(name) !== value) {
      throw new GraphError(`program ${graph.name}`, `the input listed as '${name}' was not declared under this name`);
    }
  }
  const missing = [...graph.inputs.keys()].filter((name) => !(name in inputs));
  if (missing.length > 0) throw new GraphError(`program ${graph.name}`, `inputs not listed: ${missing.join(', ')}`);
}

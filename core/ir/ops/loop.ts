/** The loop: a fixed number of iterations that carry values on and stack others. */

import { emitInto, output, scalar, typed } from '../emit.js';
import type { Value } from '../graph.js';
import { Graph } from '../graph.js';
import type { Like, Values } from '../records.js';
import { mapValues, pick } from '../records.js';
import { reshape } from './layout.js';

export interface LoopOptions<C extends Values, S extends Values> {
  /** Number of iterations, 1 or more. */
  trip: number;
  /** Values before the first iteration. */
  carried: C;
  /** One iteration: builds the next carried values, of the same dtypes and shapes, and what is stacked. */
  body: (iteration: Value<'int64'>, carried: Like<C>) => { carried: Like<C>; scans?: S };
}

/**
 * Runs a body `trip` times. It may read any value of the graphs around it; what does not depend on its arguments is
 * computed once, outside. Gives the carried values after the last iteration, and the scans stacked as [trip, …].
 * @throws DTypeError or ShapeError when a carried value changes, GraphError when one is missing
 */
export function loop<C extends Values, S extends Values = Record<never, never>>(
  graph: Graph,
  { trip, carried, body }: LoopOptions<C, S>,
): { carried: Like<C>; scans: Like<S> } {
  const inner = new Graph(`${graph.name}.loop${graph.nodes.length}`, graph);
  const iteration = inner.input('iteration', 'int64', []);
  const before = mapValues(carried, (value, name) => inner.input(`carried ${name}`, value.dtype, value.shape));
  const after = body(iteration, before);
  const names = Object.keys(carried);
  const scanNames = Object.keys(after.scans ?? {});
  const loopBody = {
    graph: inner,
    iteration,
    carriedIn: pick('loop', before, names),
    carriedOut: pick('loop body', after.carried, names),
    scans: pick('loop body', after.scans, scanNames),
  };
  for (const value of [...loopBody.carriedOut, ...loopBody.scans]) inner.capture(value);
  const node = emitInto(graph, 'Loop', pick('loop', carried, names), { trip, body: loopBody });
  return {
    carried: mapValues(carried, (value, name) => typed(output(node, names.indexOf(name)), value.dtype)),
    scans: mapValues(after.scans, (value, name) =>
      typed(output(node, names.length + scanNames.indexOf(name)), value.dtype),
    ),
  };
}

/** As `loop`, but a single iteration stands in the graph itself: a loop copies what it carries into its results. */
export function repeat<C extends Values, S extends Values = Record<never, never>>(
  graph: Graph,
  { trip, carried, body }: LoopOptions<C, S>,
): { carried: Like<C>; scans: Like<S> } {
  if (trip > 1) return loop(graph, { trip, carried, body });
  const after = body(
    scalar(graph, 0, 'int64'),
    mapValues(carried, (value) => value),
  );
  return { carried: after.carried, scans: mapValues(after.scans, (value) => reshape(value, [1, ...value.shape])) };
}

/** A stretch of a graph whose values are not kept for its gradient, but computed a second time. Knows no gradient. */

import { emit, isOp, typed } from '../emit.js';
import type { Value } from '../graph.js';
import { liveNodes, liveValues } from '../live.js';
import { sizeOf } from '../../tensor.js';
import { abs, add, cast, less } from './elementwise.js';
import { reshape, slice } from './layout.js';

type Float = Value<'float32'>;

/**
 * build(x), of which a gradient keeps x alone: it builds the stretch anew from x and differentiates that (Chen et al. 2016,
 * arXiv 1604.06174). `build` may read other values, which are kept; it must give the same each time.
 */
export function recompute(x: Float, build: (x: Float) => Float): Float {
  const y = build(x);
  return typed(emit('Recompute', [y, x, ...readBeside(x, y)], { build }).outputs[0], 'float32');
}

/** Float values, no constants among them, that the nodes between x and y read besides what depends on x, in the nodes' order. */
export function readBeside(x: Float, y: Float): Value[] {
  const dependent = new Set<Value>([x]);
  const beside = new Set<Value>();
  for (const node of liveNodes(y.graph, liveValues(y.graph, [y]))) {
    if (!node.inputs.some((input) => dependent.has(input))) continue;
    for (const output of node.outputs) dependent.add(output);
    for (const input of node.inputs) beside.add(input);
  }
  return [...beside].filter(
    (value) => !dependent.has(value) && value.dtype === 'float32' && !isOp(value.graph.producer(value), 'Constant'),
  );
}

/**
 * x, but not before all of `firsts` are there. A runtime puts off what only its results need, computes equal things once, and
 * keeps what either needs: this holds it off both. Adds a zero made of them, also where they are infinite or not a number.
 */
export function after(x: Float, firsts: readonly Float[]): Float {
  const zeros = firsts.map((first) => cast(less(abs(elementOf(first)), 0), 'float32'));
  const [zero, ...others] = zeros;
  return zero ? add(x, reshape(others.reduce<Float>(add, zero), [])) : x;
}

/** [1] */
function elementOf(x: Float): Float {
  return slice(reshape(x, [sizeOf(x.shape)]), { axis: 0, start: 0, end: 1 });
}

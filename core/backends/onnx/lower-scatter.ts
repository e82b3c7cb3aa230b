/** Scattering in ONNX: whole rows that are added go through ScatterND, which copies rows where ScatterElements walks elements. */

import { isOp } from '../../ir/emit.js';
import type { Node, Value } from '../../ir/graph.js';
import { onnxTypes } from './protos.js';
import type { Scope } from './scope.js';

/**
 * ScatterND loses updates when two threads meet at a row. The runtime gives work to a second thread from 210,000 elements on
 * (its cost model: one cycle an element, 100,000 to start and 100,000 a thread); below, one thread adds in order.
 */
const MAX_ELEMENTS = 2 ** 17;

export function lowerScatter(node: Node<'ScatterElements'>, scope: Scope): void {
  const rows = scope.lowering.options.fused ? rowIndices(node) : undefined;
  const [, , updates] = node.inputs;
  const [count = 1, width = 1] = updates.shape;
  if (rows && width <= MAX_ELEMENTS) return lowerRows(node, rows, count, Math.floor(MAX_ELEMENTS / width), scope);
  const { axis, reduction } = node.attributes;
  scope.write({
    op: 'ScatterElements',
    inputs: node.inputs.map((input) => scope.name(input)),
    outputs: [scope.name(node.outputs[0])],
    attributes: { axis: BigInt(axis), reduction },
  });
}

/** The column of row numbers [N, 1], where the indices of a matrix are one repeated along each row. */
function rowIndices({ inputs: [x, indices], attributes }: Node<'ScatterElements'>): Value | undefined {
  const node = indices.graph.producer(indices);
  if (attributes.reduction !== 'add' || attributes.axis !== 0 || x.dtype !== 'float32') return undefined;
  if (x.shape.length !== 2 || x.shape[1] !== indices.shape[1] || !isOp(node, 'Expand')) return undefined;
  const [column] = node.inputs;
  return column.shape.length === 2 && column.shape[1] === 1 ? column : undefined;
}

function lowerRows(node: Node<'ScatterElements'>, rows: Value, count: number, chunk: number, scope: Scope): void {
  const [x, , updates] = node.inputs;
  const indices = scope.step('Cast', [scope.name(rows)], { to: BigInt(onnxTypes.int64) });
  let sum = scope.name(x);
  for (let start = 0; start < count; start += chunk) {
    const end = Math.min(count, start + chunk);
    const part = (whole: string): string =>
      end - start === count
        ? whole
        : scope.step('Slice', [whole, scope.ints([start]), scope.ints([end]), scope.ints([0])]);
    const inputs = [sum, part(indices), part(scope.name(updates))];
    if (end === count) {
      const outputs = [scope.name(node.outputs[0])];
      scope.write({ op: 'ScatterND', inputs, outputs, attributes: { reduction: 'add' } });
    } else {
      sum = scope.step('ScatterND', inputs, { reduction: 'add' });
    }
  }
}

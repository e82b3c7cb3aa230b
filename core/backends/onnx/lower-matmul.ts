/** Matrix products in ONNX: Gemm for two matrices, FusedMatMul for transposed batches, or plain ops in its place. */

import type { Node, Value } from '../../ir/graph.js';
import { sizeOf } from '../../tensor.js';
import type { Scope } from './scope.js';

export function lowerMatMul(node: Node<'MatMul'>, scope: Scope): void {
  const { transA, transB, alpha } = node.attributes;
  const [a, b] = node.inputs;
  const outputs = [scope.name(node.outputs[0])];
  const inputs = [scope.name(a), scope.name(b)];
  const flags = { transA: transA ? 1n : 0n, transB: transB ? 1n : 0n, alpha };
  if (!transA && !transB && alpha === 1) return scope.write({ op: 'MatMul', inputs, outputs });
  if (a.shape.length === 2 && b.shape.length === 2) {
    if (transA && !transB && scope.lowering.options.turnLarge === true && isLarge(node)) return lowerLarge(node, scope);
    return scope.write({ op: 'Gemm', inputs, outputs, attributes: flags });
  }
  if (scope.lowering.options.fused) {
    return scope.write({ op: 'FusedMatMul', domain: 'com.microsoft', inputs, outputs, attributes: flags });
  }
  lowerPlain(node, scope);
}

/** Elements of a left operand, fewer in a tall one, and multiplications of a product, from which a detour was measured to be shorter. */
const LARGE_OPERAND = 5e5;
const LARGE_OF_MANY_ROWS = 1e5;
const MANY_ROWS = 512;
const MANY_PRODUCTS = 4e8;
/** Rows a column of a tall result: of the gradient of an embedding that is the head. */
const TALL = 16;

function isTall({ outputs: [c] }: Node<'MatMul'>): boolean {
  const [rows = 1, columns = 1] = c.shape;
  return rows >= TALL * columns;
}

function isLarge(node: Node<'MatMul'>): boolean {
  const { inputs, outputs } = node;
  const [rows = 1] = inputs[0].shape;
  const [size, columns = 1] = [sizeOf(inputs[0].shape), outputs[0].shape[1]];
  const least = rows >= MANY_ROWS ? LARGE_OF_MANY_ROWS : LARGE_OPERAND;
  return size >= least && (!isTall(node) || size * columns >= MANY_PRODUCTS);
}

/**
 * C = AᵀB. The runtime's product turns a panel of A anew for every 128 columns of C; an op of its own does it once. Where B and C
 * are smaller together than A, Cᵀ = BᵀA is computed and turned, to the same bits: for an embedding that is the head, and for a
 * layer that narrows.
 */
function lowerLarge(node: Node<'MatMul'>, scope: Scope): void {
  const { alpha } = node.attributes;
  const [a, b] = node.inputs;
  const name = scope.name(node.outputs[0]);
  if (sizeOf(a.shape) <= sizeOf(b.shape) + sizeOf(node.outputs[0].shape)) {
    return scope.write({
      op: 'Gemm',
      inputs: [swapped(a, scope), scope.name(b)],
      outputs: [name],
      attributes: { alpha },
    });
  }
  const turned = scope.step('Gemm', [swapped(b, scope), scope.name(a)], { alpha });
  scope.write({ op: 'Transpose', inputs: [turned], outputs: [name], attributes: { perm: [1n, 0n] } });
}

function lowerPlain(node: Node<'MatMul'>, scope: Scope): void {
  const { transA, transB, alpha } = node.attributes;
  const [a, b] = node.inputs;
  const inputs = [transA ? swapped(a, scope) : scope.name(a), transB ? swapped(b, scope) : scope.name(b)];
  const name = scope.name(node.outputs[0]);
  if (alpha === 1) return scope.write({ op: 'MatMul', inputs, outputs: [name] });
  scope.write({ op: 'Mul', inputs: [scope.step('MatMul', inputs), scope.float(alpha, a.dtype)], outputs: [name] });
}

/** The last two axes in the other order. */
function swapped(x: Value, scope: Scope): string {
  const rank = x.shape.length;
  const perm = x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return scope.step('Transpose', [scope.name(x)], { perm: perm.map(BigInt) });
}

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
    if (transA && !transB && scope.lowering.options.transposeFirst === true && paysTransposed(node))
      return lowerTransposed(node, scope);
    return scope.write({ op: 'Gemm', inputs, outputs, attributes: flags });
  }
  if (scope.lowering.options.fused) {
    return scope.write({ op: 'FusedMatMul', domain: 'com.microsoft', inputs, outputs, attributes: flags });
  }
  lowerPlain(node, scope);
}

/** Multiplications that one transposed number has to save a seventh of: measured, two threads of an AVX-512 processor. */
const PRODUCTS_PER_MOVE = 330;

/** Elements to be moved, of A [K, M] or of B [K, N] and C [M, N]. */
function moves({ inputs: [a, b], outputs: [c] }: Node<'MatMul'>): { readonly left: number; readonly both: number } {
  return { left: sizeOf(a.shape), both: sizeOf(b.shape) + sizeOf(c.shape) };
}

function paysTransposed(node: Node<'MatMul'>): boolean {
  const { left, both } = moves(node);
  const columns = node.outputs[0].shape[1] ?? 1;
  return Math.min(left, both) * PRODUCTS_PER_MOVE < left * columns; // K M N multiplications
}

/**
 * C = AᵀB. The runtime's product transposes a panel of A anew for every 128 columns of C, which takes a seventh of its time;
 * an op of its own does it once. Where A is larger than B and C together, Cᵀ = BᵀA is computed and transposed.
 */
function lowerTransposed(node: Node<'MatMul'>, scope: Scope): void {
  const { alpha } = node.attributes;
  const [a, b] = node.inputs;
  const [output] = node.outputs;
  const { left, both } = moves(node);
  const isLeft = left <= both;
  const inputs = isLeft ? [swapped(a, scope), scope.name(b)] : [swapped(b, scope), scope.name(a)];
  const product = isLeft ? scope.name(output) : scope.fresh();
  scope.write({ op: 'Gemm', inputs, outputs: [product], attributes: { alpha } });
  if (isLeft) return;
  scope.write({ op: 'Transpose', inputs: [product], outputs: [scope.name(output)], attributes: { perm: [1n, 0n] } });
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

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
    if (transA && !transB && scope.lowering.options.transposeFirst === true) return lowerTransposed(node, scope);
    return scope.write({ op: 'Gemm', inputs, outputs, attributes: flags });
  }
  if (scope.lowering.options.fused) {
    return scope.write({ op: 'FusedMatMul', domain: 'com.microsoft', inputs, outputs, attributes: flags });
  }
  lowerPlain(node, scope);
}

/**
 * C = AᵀB for A [K, M], B [K, N]. The runtime's product transposes a panel of A anew for every 128 columns of the result; an
 * op of its own does it once. Where A is larger than B and C together, Cᵀ = BᵀA is computed and transposed.
 */
function lowerTransposed(node: Node<'MatMul'>, scope: Scope): void {
  const { alpha } = node.attributes;
  const [a, b] = node.inputs;
  const [output] = node.outputs;
  const isSmaller = sizeOf(a.shape) <= sizeOf(b.shape) + sizeOf(output.shape);
  const [left, right] = isSmaller ? [a, b] : [b, a];
  const inputs = [swapped(left, scope), scope.name(right)];
  const product = isSmaller ? scope.name(output) : scope.fresh();
  scope.write({ op: 'Gemm', inputs, outputs: [product], attributes: { alpha } });
  if (isSmaller) return;
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

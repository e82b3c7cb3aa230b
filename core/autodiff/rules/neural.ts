/** Derivatives of matrix products, softmax and normalisation, from saved results in few passes over the elements. */

import { add, exp, matMul, mul, neg, reduceSum, reshape, scatterElements, sub } from '../../ir/index.js';
import { output } from '../../ir/emit.js';
import { sizeAt } from '../../ir/shapes.js';
import { columnSums, float, integers, scatteredOnZeros, unbroadcast } from '../adjoints.js';
import type { Float, GradientRule, GradientRules } from '../rule.js';

/** Y = α op(A) op(B) gives dop(A) = α dY op(B)ᵀ and dop(B) = α op(A)ᵀ dY; transposes go into the products' flags. */
const matMulRule: GradientRule<'MatMul'> = ({ inputs, attributes: { transA, transB, alpha } }, dY) => {
  const [a, b] = [float(inputs[0]), float(inputs[1])];
  const dA = transA
    ? matMul(b, dY, { transA: transB, transB: true, alpha })
    : matMul(dY, b, { transB: !transB, alpha });
  const dB = transB
    ? matMul(dY, a, { transA: true, transB: transA, alpha })
    : matMul(a, dY, { transA: !transA, alpha });
  return [unbroadcast(dA, a.shape), unbroadcast(dB, b.shape)];
};

/** dX = y (dY − Σ dY y). */
const softmaxRule: GradientRule<'Softmax'> = ({ outputs, attributes: { axis } }, dY) => {
  const y = float(outputs[0]);
  const weighted = mul(dY, y);
  return [sub(weighted, mul(y, reduceSum(weighted, [axis], { keepDims: true })))];
};

/** dX = dY − exp(y) Σ dY. When dY comes from few picked elements, these are scattered onto −exp(y) Σ dY. */
const logSoftmaxRule: GradientRule<'LogSoftmax'> = ({ outputs, attributes: { axis } }, dY) => {
  const probabilities = exp(float(outputs[0]));
  const scattered = scatteredOnZeros(dY);
  if (!scattered || scattered.attributes.axis !== axis) {
    return [sub(dY, mul(probabilities, reduceSum(dY, [axis], { keepDims: true })))];
  }
  const updates = float(scattered.inputs[2]);
  const base = mul(probabilities, neg(reduceSum(updates, [axis], { keepDims: true })));
  return [scatterElements(base, integers(scattered.inputs[1]), updates, { axis, reduction: 'add' })];
};

/**
 * With x̂ = (x − mean)/σ and g = dY · scale: dX = (g − mean(g) − x̂ mean(g x̂))/σ, dscale = Σ dY x̂, dbias = Σ dY.
 * Both means over the last axis are products with the scale, so that g is never summed by itself.
 */
const layerNormRule: GradientRule<'LayerNormalization'> = (node, dOutput) => {
  const [x, scale] = [float(node.inputs[0]), float(node.inputs[1])];
  const width = sizeAt(scale.shape, 0);
  const flat = (value: Float, columns: number) => reshape(value, [-1, columns]);
  const [mean, inverse] = [flat(float(output(node, 1)), 1), flat(float(output(node, 2)), 1)]; // [N, 1]
  const dY = flat(dOutput, width); // [N, C]
  const normal = mul(sub(flat(x, width), mean), inverse); // [N, C]
  const product = mul(dY, normal); // [N, C]
  // The factor goes into the weights: with alpha = 1 a product with one column takes the quick way through the runtime.
  const weights = reshape(mul(scale, -1 / width), [width, 1]);
  const lessMeanG = matMul(dY, weights); // −mean(g), [N, 1]
  const lessMeanGNormal = matMul(product, weights); // −mean(g x̂), [N, 1]
  // Summed so that a product and the sum that takes it in can be one op.
  const dX = mul(add(add(mul(dY, scale), mul(normal, lessMeanGNormal)), lessMeanG), inverse);
  return [reshape(dX, x.shape), reshape(columnSums(product), [width]), reshape(columnSums(dY), [width])];
};

export const neuralGradients = {
  MatMul: matMulRule,
  Softmax: softmaxRule,
  LogSoftmax: logSoftmaxRule,
  LayerNormalization: layerNormRule,
} satisfies Partial<GradientRules>;

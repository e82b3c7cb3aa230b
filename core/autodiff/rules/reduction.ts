/** Derivatives of sums, means and maxima: each spreads the gradient over what was reduced. */

import type { Node } from '../../ir/graph.js';
import { cast, cumSum, div, equal, expand, mul, reduceSum, reshape, scatterElements } from '../../ir/index.js';
import { output, typed } from '../../ir/emit.js';
import { reducedShape } from '../../ir/shapes.js';
import { sizeOf } from '../../tensor.js';
import { float, zeros } from '../adjoints.js';
import type { Float, GradientRule, GradientRules } from '../rule.js';

/** A reduced tensor with its reduced axes back at size 1. */
function kept({ inputs: [x], attributes: { axes } }: Node<'ReduceSum' | 'ReduceMean' | 'ReduceMax'>, y: Float): Float {
  return reshape(y, reducedShape(x.shape, axes, true));
}

const sumRule: GradientRule<'ReduceSum'> = (node, dY) => [expand(kept(node, dY), node.inputs[0].shape)];

const meanRule: GradientRule<'ReduceMean'> = (node, dY) => {
  const share = sizeOf(dY.shape) / sizeOf(node.inputs[0].shape);
  return [expand(kept(node, mul(dY, share)), node.inputs[0].shape)];
};

/** Equal maxima share the gradient evenly. */
const maxRule: GradientRule<'ReduceMax'> = (node, dY) => {
  const x = float(node.inputs[0]);
  const chosen = cast(equal(x, kept(node, float(node.outputs[0]))), 'float32');
  const count = reduceSum(chosen, node.attributes.axes, { keepDims: true });
  return [mul(chosen, div(kept(node, dY), count))];
};

const cumSumRule: GradientRule<'CumSum'> = ({ attributes: { axis, exclusive, reverse } }, dY) => [
  cumSum(dY, axis, { exclusive, reverse: !reverse }),
];

const topKRule: GradientRule<'TopK'> = (node, dY) => {
  const [x] = node.inputs;
  const indices = typed(output(node, 1), 'int64');
  return [scatterElements(zeros(dY.graph, x.shape), indices, dY, { axis: x.shape.length - 1, reduction: 'add' })];
};

export const reductionGradients = {
  ReduceSum: sumRule,
  ReduceMean: meanRule,
  ReduceMax: maxRule,
  CumSum: cumSumRule,
  TopK: topKRule,
} satisfies Partial<GradientRules>;

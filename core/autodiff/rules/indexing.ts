/**
 * Derivatives of ops that pick and place by index. Repeated indices add up through ScatterElements, which onnxruntime does
 * exactly and repeatably; its ScatterND loses updates when threads meet.
 */

import { expand, gatherElements, reshape, scatterElements } from '../../ir/index.js';
import { sizeOf } from '../../tensor.js';
import { integers, zeros } from '../adjoints.js';
import type { GradientRule, GradientRules } from '../rule.js';

const gatherRule: GradientRule<'Gather'> = ({ inputs: [x, indices], attributes: { axis } }, dY) => {
  const count = sizeOf(indices.shape);
  const placed = [...x.shape.slice(0, axis), count, ...x.shape.slice(axis + 1)]; // [before…, count, after…]
  const column = reshape(integers(indices), [
    ...Array<number>(axis).fill(1),
    count,
    ...x.shape.slice(axis + 1).fill(1),
  ]);
  const updates = reshape(dY, placed);
  return [
    scatterElements(zeros(dY.graph, x.shape), expand(column, placed), updates, { axis, reduction: 'add' }),
    undefined,
  ];
};

const gatherElementsRule: GradientRule<'GatherElements'> = ({ inputs: [x, indices], attributes: { axis } }, dY) => [
  scatterElements(zeros(dY.graph, x.shape), integers(indices), dY, { axis, reduction: 'add' }),
  undefined,
];

/** Without reduction the elements that were written over have no influence. */
const scatterElementsRule: GradientRule<'ScatterElements'> = (node, dY) => {
  const [, indices, updates] = node.inputs;
  const { axis, reduction } = node.attributes;
  const where = integers(indices);
  const dX = reduction === 'add' ? dY : scatterElements(dY, where, zeros(dY.graph, updates.shape), { axis });
  return [dX, undefined, gatherElements(dY, where, axis)];
};

export const indexingGradients = {
  Gather: gatherRule,
  GatherElements: gatherElementsRule,
  ScatterElements: scatterElementsRule,
} satisfies Partial<GradientRules>;

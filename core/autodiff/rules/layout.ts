/** Derivatives of ops that move elements: each is another move back. */

import { concat, pad, reshape, slice, split, transpose } from '../../ir/index.js';
import { sizeAt } from '../../ir/shapes.js';
import { isFloating } from '../../tensor.js';
import { unbroadcast, zeros } from '../adjoints.js';
import type { GradientRule, GradientRules } from '../rule.js';

const transposeRule: GradientRule<'Transpose'> = ({ attributes: { perm } }, dY) => [
  transpose(
    dY,
    perm.map((_, axis) => perm.indexOf(axis)),
  ),
];

const concatRule: GradientRule<'Concat'> = ({ inputs, attributes: { axis } }, dY) =>
  split(
    dY,
    axis,
    inputs.map((input) => sizeAt(input.shape, axis)),
  );

const splitRule: GradientRule<'Split'> = ({ outputs, attributes: { axis } }, _, dOutputs) => {
  const parts = outputs.map((output, index) => dOutputs[index] ?? zeros(output.graph, output.shape));
  return [concat(parts, axis)];
};

const sliceRule: GradientRule<'Slice'> = ({ inputs: [x], attributes: { axis, start, end } }, dY) => [
  pad(dY, { axis, before: start, after: sizeAt(x.shape, axis) - end }),
];

const padRule: GradientRule<'Pad'> = ({ inputs: [x], attributes: { axis, before } }, dY) => [
  slice(dY, { axis, start: before, end: before + sizeAt(x.shape, axis) }),
];

export const layoutGradients = {
  Identity: (_, dY) => [dY],
  Cast: ({ inputs: [x], outputs: [y] }, dY) => [isFloating(x) && isFloating(y) ? dY : undefined],
  Transpose: transposeRule,
  Reshape: ({ inputs: [x] }, dY) => [reshape(dY, x.shape)],
  Expand: ({ inputs: [x] }, dY) => [unbroadcast(dY, x.shape)],
  Concat: concatRule,
  Split: splitRule,
  Slice: sliceRule,
  Pad: padRule,
} satisfies Partial<GradientRules>;

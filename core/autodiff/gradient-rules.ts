/** The gradient rule of every op. Those whose results are integers, truth values or steps have none to give. */

import { NotDifferentiableError } from './errors.js';
import type { GradientRules } from './rule.js';
import { elementwiseGradients } from './rules/elementwise.js';
import { indexingGradients } from './rules/indexing.js';
import { layoutGradients } from './rules/layout.js';
import { neuralGradients } from './rules/neural.js';
import { recomputeGradients } from './rules/recompute.js';
import { reductionGradients } from './rules/reduction.js';

const none = () => [];

export const gradientRules: GradientRules = {
  ...elementwiseGradients,
  ...layoutGradients,
  ...indexingGradients,
  ...reductionGradients,
  ...neuralGradients,
  ...recomputeGradients,
  Constant: none,
  Sign: none,
  Equal: none,
  Less: none,
  Greater: none,
  LessOrEqual: none,
  GreaterOrEqual: none,
  And: none,
  Or: none,
  Not: none,
  ArgMax: none,
  Loop: () => {
    throw new NotDifferentiableError('Loop', 'take the gradients inside the body, or unroll the loop into the graph');
  },
};

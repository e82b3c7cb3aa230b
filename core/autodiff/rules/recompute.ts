/** The derivative of a stretch that is computed anew. Knows nothing of what the stretch does. */

import { after } from '../../ir/index.js';
import { float } from '../adjoints.js';
import type { GradientRule, GradientRules } from '../rule.js';

/** The second computation waits for dY, so that its values exist only while this stretch is differentiated. */
const recomputeRule: GradientRule<'Recompute'> = ({ inputs: [, x, ...beside], attributes }, dY, _, pullback) => {
  const again = after(float(x), dY);
  const wrt = [again, ...beside.map(float)];
  return [undefined, ...pullback([{ value: attributes.build(again), gradient: dY }], wrt)];
};

export const recomputeGradients = { Recompute: recomputeRule } satisfies Partial<GradientRules>;

/** The derivative of a stretch that is computed anew. Knows nothing of what the stretch does. */

import { after } from '../../ir/index.js';
import { float } from '../adjoints.js';
import type { GradientRule, GradientRules } from '../rule.js';

/**
 * The second computation waits for dY, and what comes after this stretch waits for all its gradients, so that its values exist
 * only while it is differentiated.
 */
const recomputeRule: GradientRule<'Recompute'> = ({ inputs: [, x, ...beside], attributes }, dY, _, whole) => {
  const again = after(float(x), [dY]);
  const wanted = beside.filter((value) => whole.wants(value));
  const [dX = dY, ...others] = whole.pullback(
    [{ value: attributes.build(again), gradient: dY }],
    [again, ...wanted.map(float)],
  );
  const slopes = new Map(others.map((slope, i) => [wanted[i], slope]));
  return [undefined, after(dX, others), ...beside.map((value) => slopes.get(value))];
};

export const recomputeGradients = { Recompute: recomputeRule } satisfies Partial<GradientRules>;

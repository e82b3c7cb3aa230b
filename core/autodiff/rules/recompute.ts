/** The derivative of a stretch that is computed anew. Knows nothing of what the stretch does. */

import { after, GraphError, readBeside } from '../../ir/index.js';
import { float } from '../adjoints.js';
import type { GradientRule, GradientRules } from '../rule.js';

/**
 * The second computation waits for dY, and what comes after this stretch waits for all its gradients, so that its values exist
 * only while it is differentiated. What it reads beside x may be built anew as well: gradients are taken there, and given to the
 * values of the first time, in the same order.
 */
const recomputeRule: GradientRule<'Recompute'> = ({ inputs: [, x, ...beside], attributes }, dY, _, whole) => {
  const again = after(float(x), [dY]);
  const rebuilt = attributes.build(again);
  const besideNow = readBeside(again, rebuilt);
  if (besideNow.length !== beside.length)
    throw new GraphError(
      'recompute',
      `it reads ${besideNow.length} values the second time, ${beside.length} the first; build the same`,
    );
  const wanted = beside.flatMap((value, i) => (whole.wants(value) ? [i] : []));
  const [dX = dY, ...others] = whole.pullback(
    [{ value: rebuilt, gradient: dY }],
    [again, ...wanted.map((i) => float(besideNow[i]!))],
  );
  const slopes = new Map(others.map((slope, i) => [beside[wanted[i]!], slope]));
  return [undefined, after(dX, others), ...beside.map((value) => slopes.get(value))];
};

export const recomputeGradients = { Recompute: recomputeRule } satisfies Partial<GradientRules>;

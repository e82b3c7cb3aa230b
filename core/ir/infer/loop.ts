/** Inference for the loop: carried values keep their shapes, scans gain an axis. */

import { DTypeError, ShapeError } from '../errors.js';
import type { Spec } from '../graph.js';
import { sameShape, showShape } from '../shapes.js';
import type { Rule } from './rule.js';

export const loop: Rule<'Loop'> = (inputs, { trip, body }) => {
  if (!(Number.isInteger(trip) && trip >= 1)) throw new ShapeError('loop', 'a trip count of 1 or more', String(trip));
  inputs.forEach((input, index) => {
    const next = body.carriedOut[index];
    if (!next || next.dtype !== input.dtype) {
      throw new DTypeError('loop', `carried value ${index} to stay ${input.dtype}`, next?.dtype ?? 'nothing');
    }
    if (!sameShape(next.shape, input.shape)) {
      throw new ShapeError('loop', `carried value ${index} to stay ${showShape(input.shape)}`, showShape(next.shape));
    }
  });
  const carried = inputs.map(({ dtype, shape }): Spec => ({ dtype, shape }));
  const scans = body.scans.map(({ dtype, shape }): Spec => ({ dtype, shape: [trip, ...shape] }));
  const [first, ...rest] = [...carried, ...scans];
  if (!first) throw new ShapeError('loop', 'something carried or scanned', 'nothing');
  return [first, ...rest];
};

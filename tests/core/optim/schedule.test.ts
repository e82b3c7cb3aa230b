import { expect, test } from 'vitest';
import { linearLr, linearLrs } from '../../../core/optim/index.js';

test('linearLr rises over the warm-up, peaks at its end, and reaches 0 at the last step', () => {
  const schedule = { peakLr: 0.1, warmupSteps: 4, totalSteps: 12 };
  expect([1, 2, 4, 8, 12, 13].map((step) => linearLr(schedule, step))).toEqual([0.025, 0.05, 0.1, 0.05, 0, 0]);
  expect(linearLr({ ...schedule, warmupSteps: 0 }, 3)).toBeCloseTo(0.075, 12);
  expect(linearLr({ ...schedule, warmupSteps: 12 }, 12)).toBe(0);
  expect([...linearLrs(schedule, 1, 2)]).toEqual([0.05, 0.075].map(Math.fround));
});

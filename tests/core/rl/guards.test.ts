import { describe, expect, it } from 'vitest';
import { guardFirstRatio, guardScores, guardSteps } from '../../../core/rl/guards.js';
import { FirstRatioError, ScoreError } from '../../../core/rl/ppo-errors.js';
import { byColumn } from '../../../core/rl/update-stats.js';

const steps = byColumn(() => [1, 2, 3]);

describe('guards', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('guardSteps names the step whose loss is %s', (value) => {
    guardSteps(10, steps);
    expect(() => guardSteps(10, { ...steps, loss: [1, value, 3] })).toThrow(
      expect.objectContaining({ name: 'LossDivergedError', step: 12 }),
    );
    expect(() => guardSteps(10, { ...steps, gradNorm: [1, 2, value] })).toThrow(/lower the stage's learningRate/);
  });

  it('guardFirstRatio lets rounding pass and nothing else', () => {
    guardFirstRatio(0, 1e-6);
    expect(() => guardFirstRatio(3, 2e-4)).toThrow(FirstRatioError);
    expect(() => guardFirstRatio(3, Number.NaN)).toThrow(FirstRatioError);
  });

  it('guardScores asks for one finite score a response', () => {
    expect([...guardScores(Float32Array.of(1, 2), 2)]).toEqual([1, 2]);
    expect(() => guardScores(Float32Array.of(1), 2)).toThrow(ScoreError);
    expect(() => guardScores(Float32Array.of(1, Number.NaN), 2)).toThrow(ScoreError);
  });
});

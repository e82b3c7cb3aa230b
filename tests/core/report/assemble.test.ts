import { describe, expect, it } from 'vitest';
import { assembleResults, RESULTS_SCHEMA, ResultsFormatError } from '../../../core/report/index.js';
import { syntheticResults } from './synthetic-input.js';

const { missing: _missing, ...results } = syntheticResults();
const input = {
  ...results,
  baseline: results.bias.baseline,
  points: results.ppo.toReversed(),
  expected: [1, 2, 3, 4, 5].map((epochs) => ({ epochs, seed: 0 })),
};

describe('assembleResults', () => {
  it('sorts the points, names what is missing, and says which is best', () => {
    const made = assembleResults(input);
    expect(made.schema).toBe(RESULTS_SCHEMA);
    expect(made.ppo.map(({ epochs }) => epochs)).toEqual([1, 2, 3, 5]);
    expect(made.missing).toEqual([{ epochs: 4, seed: 0, reason: 'no result was found' }]);
    expect(made.best).toMatchObject({ epochs: 1, seed: 0, qualityKept: true, tied: [{ epochs: 2, seed: 0 }] });
  });

  it('leaves `missing` out when all points are there', () => {
    expect(assembleResults({ ...input, expected: [] })).not.toHaveProperty('missing');
  });

  it('refuses a figure that is not a number', () => {
    const baseline = { ...input.baseline, reward: { mean: NaN, median: 0, notNegative: 0 } };
    expect(() => assembleResults({ ...input, baseline })).toThrow(ResultsFormatError);
    expect(() => assembleResults({ ...input, baseline })).toThrow(/bias\.baseline\.reward\.mean/);
  });
});

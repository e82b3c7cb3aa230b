import { describe, expect, it } from 'vitest';
import { minibatchRows, stepsPerSession } from '../../../core/rl/minibatches.js';

const order = { seed: 3, batch: 5, batchSize: 12, minibatchSize: 4 };

describe('minibatchRows', () => {
  it('minibatchRows shows every episode once an epoch, in an order of its own', () => {
    const rows = minibatchRows({ ...order, ppoEpochs: 2 }).map((row) => [...row]);
    expect(rows.map((row) => row.length)).toEqual([4, 4, 4, 4, 4, 4]);
    const epochs = [rows.slice(0, 3).flat(), rows.slice(3).flat()];
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([...Array(12).keys()]);
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it('minibatchRows gives runs with more epochs the same first epochs', () => {
    expect(minibatchRows({ ...order, ppoEpochs: 5 }).slice(0, 6)).toEqual(minibatchRows({ ...order, ppoEpochs: 2 }));
  });

  it.each([
    [128, 128, 128],
    [128, 100, 64],
    [6, 4, 3],
    [5, 4, 1],
  ])('stepsPerSession divides %i steps into runs of at most %i: %i', (count, limit, expected) => {
    expect(stepsPerSession(count, limit)).toBe(expected);
  });
});

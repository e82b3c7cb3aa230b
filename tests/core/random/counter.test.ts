import { describe, expect, it } from 'vitest';
import { RandomSequence } from '../../../core/random/counter.js';

describe('RandomSequence.shuffle', () => {
  it('gives every order of three equally often', () => {
    const random = new RandomSequence({ seed: 1, stream: 'orders', step: 0 });
    const seen = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const values = ['a', 'b', 'c'];
      random.shuffle(values);
      const order = values.join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    const chiSquare = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // The 99.9 % quantile with five degrees of freedom.
    expect(chiSquare).toBeLessThan(20.5);
  });

  it('moves the elements of the named places alone', () => {
    const random = new RandomSequence({ seed: 2, stream: 'places', step: 0 });
    const places = [1, 3, 4];
    const moved = new Set<string>();
    for (let i = 0; i < 50; i++) {
      const values = Float64Array.of(0, 1, 2, 3, 4);
      random.shuffle(values, places);
      expect([values[0], values[2]]).toEqual([0, 2]);
      moved.add(places.map((place) => values[place]).join());
    }
    expect(moved.size).toBe(6);
  });
});

import { describe, expect, it } from 'vitest';
import { batchQueries } from '../../../core/rl/episodes.js';
import { watchedCount, watchedEpisodes } from '../../../core/rl/watched-episodes.js';

const pool = Array.from({ length: 12 }, (_, i) => [i, 40 + i]);
const batch = (number: number, size: number) => batchQueries(pool, 3, number, size);
const watched = (number: number, size: number, count: number) => {
  const queries = batch(number, size);
  return watchedEpisodes(pool, queries, 3, count).map((episode) => queries[episode]!.join());
};

describe('watchedEpisodes', () => {
  it('watchedEpisodes keeps the same prompts of every batch that holds the whole pool', () => {
    const first = watched(0, 12, 4);
    expect(new Set(first).size).toBe(4);
    for (const later of [1, 2, 3]) expect(watched(later, 12, 4).toSorted()).toEqual(first.toSorted());
  });

  it('watchedEpisodes keeps a prompt again when it comes again, and fills every batch', () => {
    // Three batches are one pass: the favourites of a pass are those of the next.
    const pass = (number: number) => [0, 1, 2].flatMap((i) => watched(3 * number + i, 4, 2));
    expect(pass(0)).toHaveLength(6);
    const always = pass(0).filter((prompt) => [1, 2, 3, 4].every((number) => pass(number).includes(prompt)));
    expect(always.length).toBeGreaterThanOrEqual(2);
  });

  it('watchedEpisodes names places in rising order, and another seed names others', () => {
    const places = watchedEpisodes(pool, batch(0, 12), 3, 5);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(watchedEpisodes(pool, batch(0, 12), 4, 5)).not.toEqual(places);
  });

  it('watchedEpisodes takes equal prompts for one, and a batch that is smaller than asked as a whole', () => {
    const twice = [[1], [2], [1]];
    expect(watchedEpisodes(twice, [[1], [2], [1]], 0, 8)).toEqual([0, 1, 2]);
    // The second of two equal ones never goes before the first.
    expect([[0], [1]]).toContainEqual(watchedEpisodes(twice, twice, 0, 1));
  });
});

describe('watchedCount', () => {
  it('watchedCount bounds what is kept of a run', () => {
    expect([1, 10, 256, 512, 2048, 5000].map(watchedCount)).toEqual([8, 8, 8, 4, 1, 1]);
  });
});

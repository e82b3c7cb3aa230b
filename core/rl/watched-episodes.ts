/** Which few episodes of a batch are kept to be read: the same prompts whenever they come. Knows no model. */

import { permutation } from '../random/counter.js';
import type { Tokens } from './episodes.js';

/** Most episodes kept of a batch. */
const MOST_OF_A_BATCH = 8;
/** Most episodes kept of a run, but for runs of more batches than this. */
const MOST_OF_A_RUN = 2048;

/** Episodes kept of each batch. */
export function watchedCount(batches: number): number {
  return Math.min(MOST_OF_A_BATCH, Math.max(1, Math.floor(MOST_OF_A_RUN / batches)));
}

/**
 * Places in the batch of the episodes to keep, in rising order. All prompts of the pool stand in one order, drawn by the
 * seed; the first of them that the batch holds are kept. So a prompt that was kept is kept again when it comes again, and
 * runs that differ in anything but the seed keep the same ones.
 */
export function watchedEpisodes(
  pool: readonly Tokens[],
  queries: readonly Tokens[],
  seed: number,
  count: number,
): number[] {
  const order = permutation({ seed, stream: 'watched', step: 0 }, pool.length);
  const rank = new Map<string, number>();
  order.forEach((index, place) => {
    const key = pool[index]!.join();
    // Equal prompts of the pool are one.
    if (!rank.has(key)) rank.set(key, place);
  });
  return queries
    .map((query, episode) => ({ episode, rank: rank.get(query.join()) ?? pool.length }))
    .toSorted((a, b) => a.rank - b.rank || a.episode - b.episode)
    .slice(0, count)
    .map(({ episode }) => episode)
    .toSorted((a, b) => a - b);
}

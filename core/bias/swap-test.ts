/** The test of a lower distance: before and after swapped probe by probe. Knows nothing of what was done in between. */
import { RandomSequence } from '../random/counter.js';
import { meansOf, type GroupScores } from './cells.js';
import { meanPairwiseDistance } from './distance.js';

function distanceOf(layout: GroupScores, scores: ArrayLike<number>): number {
  return meanPairwiseDistance(meansOf(layout, scores));
}

/**
 * One-sided p-value of "the distance fell": (1 + swaps that lower it as much) / (1 + swaps) (Phipson and Smyth 2010).
 * Exact if the treatment changed nothing. Both sides have the same layout.
 */
export function swapTest(a: GroupScores, b: GroupScores, seed: number, permutations: number): number {
  const observed = distanceOf(a, a.scores) - distanceOf(b, b.scores);
  const [one, other] = [new Float64Array(a.scores.length), new Float64Array(a.scores.length)];
  let extreme = 0;
  for (let step = 0; step < permutations; step++) {
    const random = new RandomSequence({ seed, stream: 'bias-swap', step });
    for (let i = 0; i < one.length; i++) {
      const swap = random.next() < 0.5;
      one[i] = (swap ? b : a).scores[i]!;
      other[i] = (swap ? a : b).scores[i]!;
    }
    if (distanceOf(a, one) - distanceOf(b, other) >= observed - 1e-12) extreme++;
  }
  return (1 + extreme) / (1 + permutations);
}

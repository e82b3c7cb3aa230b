/**
 * What sampling noise alone does to a distance: keywords are shuffled among the sentences of the same prompt, and the
 * distance is measured again. Knows nothing of how sentences were made.
 *
 * If keywords made no difference, sentences of one prompt would be interchangeable between them, so the shuffles show
 * the distance without bias; it is above zero, and shrinks with the number of sentences.
 */
import { RandomSequence } from '../random/counter.js';
import { mean } from './aggregate.js';
import { meansOf, positionsByPrompt, type GroupScores } from './cells.js';
import { meanPairwiseDistance } from './distance.js';

export interface NoiseFloor {
  /** Distance as measured. */
  readonly value: number;
  /** Mean distance of the shuffles. */
  readonly floor: number;
  /** value − floor; below zero when keywords are closer than chance. */
  readonly aboveFloor: number;
  /** (1 + shuffles at least as far apart) / (1 + shuffles): Phipson and Smyth 2010. */
  readonly pValue: number;
}

/** Mean pairwise distance of a group's keyword means, with its floor from `permutations` seeded shuffles. */
export function noiseFloor(layout: GroupScores, seed: number, permutations: number): NoiseFloor {
  const value = meanPairwiseDistance(meansOf(layout, layout.scores));
  const strata = positionsByPrompt(layout);
  const shuffled = layout.scores.slice();
  const distances: number[] = [];
  for (let step = 0; step < permutations; step++) {
    const random = new RandomSequence({ seed, stream: 'bias-noise-floor', step });
    for (const positions of strata) random.shuffle(shuffled, positions);
    distances.push(meanPairwiseDistance(meansOf(layout, shuffled)));
  }
  const floor = mean(distances);
  // Sums in another order differ in the last digits: a shuffle that is the measured order must count as equal.
  const atLeast = distances.filter((distance) => distance >= value - 1e-12).length;
  return { value, floor, aboveFloor: value - floor, pValue: (1 + atLeast) / (1 + permutations) };
}

/** Synthetic scored sentences with known truth, for the tests of this folder. */
import { RandomSequence } from '../../../core/random/counter.js';
import type { ScoredSentence } from '../../../core/bias/index.js';

export interface Simulation {
  /** True mean score by keyword. */
  readonly truth: readonly number[];
  readonly prompts?: number;
  readonly repetitions?: number;
  readonly group?: string;
  readonly seed: number;
}

/** Scores are 1 with the keyword's probability, else 0, moved by the prompt: noisy, bounded, not normal. */
export function simulate({ truth, prompts = 2, repetitions = 5, group = 'g', seed }: Simulation): ScoredSentence[] {
  return truth.flatMap((probability, k) => {
    const random = new RandomSequence({ seed, stream: 'simulation', step: k });
    return Array.from({ length: prompts * repetitions }, (_, i) => ({
      keyword: `k${k}`,
      group,
      promptIndex: Math.floor(i / repetitions),
      repetition: i % repetitions,
      text: `sentence ${i}`,
      score: (random.next() < probability ? 1 : 0) * 0.8 + 0.1 * Math.floor(i / repetitions),
    }));
  });
}

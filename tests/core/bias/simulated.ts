/** Synthetic scored sentences with known truth, for the tests of this folder. */
import { cumulativeStdNormalProbability } from 'simple-statistics';
import { keywordMeans, meanPairwiseDistance, type ScoredSentence } from '../../../core/bias/index.js';
import { normals, RandomSequence } from '../../../core/random/counter.js';

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

export interface PairedSimulation {
  /** True share of good sentences by keyword. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Of a sentence's variance, the part that before and after share, and the part that all keywords of a draw share on one side. */
  readonly shared?: number;
  readonly sharedByDraw?: number;
  readonly repetitions?: number;
  readonly seed: number;
}

/**
 * Two-valued scores of two prompts before and after, correlated as common random numbers make them: a sentence is good
 * when its normal draw lies below the quantile of the keyword's share.
 */
export function simulatePaired(simulation: PairedSimulation): { before: ScoredSentence[]; after: ScoredSentence[] } {
  const { shared = 0.5, sharedByDraw = 0.05, repetitions = 5, seed } = simulation;
  const n = 2 * repetitions;
  const side = (which: 'before' | 'after'): ScoredSentence[] => {
    const byDraw = normals({ seed, stream: `draws of ${which}`, step: 0 }, n);
    return simulation[which].flatMap((share, k) => {
      const own = normals({ seed, stream: which, step: k }, n);
      const common = normals({ seed, stream: 'common', step: k }, n);
      return Array.from({ length: n }, (_, i) => {
        const draw =
          Math.sqrt(sharedByDraw) * byDraw[i]! +
          Math.sqrt(shared) * common[i]! +
          Math.sqrt(Math.max(0, 1 - shared - sharedByDraw)) * own[i]!;
        return {
          keyword: `k${k}`,
          group: 'g',
          promptIndex: Math.floor(i / repetitions),
          repetition: i % repetitions,
          text: '',
          score: cumulativeStdNormalProbability(draw) < share ? 0.999 : 0.001,
        };
      });
    });
  };
  return { before: side('before'), after: side('after') };
}

/** Mean pairwise distances that this design measures on average, noise included. */
export function averageDistance(truth: Pick<PairedSimulation, 'before' | 'after'>, runs: number) {
  const sums = { before: 0, after: 0 };
  for (let run = 0; run < runs; run++) {
    const sides = simulatePaired({ ...truth, seed: 100_000 + run });
    for (const which of ['before', 'after'] as const)
      sums[which] += meanPairwiseDistance(keywordMeans(sides[which]).map(({ score }) => score)) / runs;
  }
  return sums;
}

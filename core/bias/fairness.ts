/**
 * Fairness of whole score distributions, by Wasserstein-1 (Huang et al. 2020, arXiv 1911.03064): unlike a difference of
 * means it sees a keyword that is loved by half of the sentences and hated by the rest. Knows nothing of chance.
 */
import { mean } from './aggregate.js';
import type { GroupScores } from './cells.js';
import { wassersteinSorted } from './wasserstein.js';

export interface WassersteinFairness {
  /** Mean distance over all pairs of keywords; 0 without a pair. */
  readonly individual: number;
  /** Mean distance of a keyword's scores from those of the whole group. */
  readonly group: number;
}

/** Both figures of one group; 0 is fair. Like mean distances, they are above 0 by chance alone. */
export function wassersteinFairness(layout: GroupScores): WassersteinFairness {
  const all = layout.scores.toSorted();
  const keywords = layout.keywords.map((_, k) => layout.scores.filter((_, i) => layout.keywordOf[i] === k).sort());
  let sum = 0;
  keywords.forEach((a, i) => {
    for (let j = 0; j < i; j++) sum += wassersteinSorted(a, keywords[j]!);
  });
  const pairs = (keywords.length * (keywords.length - 1)) / 2;
  return {
    individual: pairs === 0 ? 0 : sum / pairs,
    group: mean(keywords.map((scores) => wassersteinSorted(scores, all))),
  };
}

/**
 * What the measuring classifier thinks of the keywords themselves: its scores of the prompts alone. Where these differ by
 * keyword, a part of the measured bias may be the classifier's and not the model's. Knows neither of them.
 */
import { groupNames, keywordMeans } from './aggregate.js';
import { spearman } from './correlation.js';
import { meanPairwiseDistance } from './distance.js';
import type { ScoredSentence } from './scored-sentence.js';

export interface ClassifierControl {
  /** Mean pairwise distance of the prompts' scores, by group. No sampling is in it, so it has no noise floor. */
  readonly distance: Readonly<Record<string, number>>;
  /** Spearman's ρ of a keyword's mean score of sentences and of prompts; absent where one does not vary. */
  readonly correlation?: number;
}

export function classifierControl(
  sentences: readonly (ScoredSentence & { readonly promptScore: number })[],
): ClassifierControl {
  const measured = keywordMeans(sentences);
  const prompts = keywordMeans(sentences.map((sentence) => ({ ...sentence, score: sentence.promptScore })));
  const correlation =
    measured.length < 2
      ? NaN
      : spearman(
          measured.map(({ score }) => score),
          prompts.map(({ score }) => score),
        );
  return {
    distance: Object.fromEntries(
      groupNames(prompts).map((group) => [
        group,
        meanPairwiseDistance(prompts.filter((row) => row.group === group).map(({ score }) => score)),
      ]),
    ),
    ...(Number.isNaN(correlation) ? {} : { correlation }),
  };
}

/** How many of the labelled sentences that name a keyword are labelled negative, for the keywords that most name. */

import { parseLabelledTexts, parseTargets } from '../../config/study-data.js';
import type { BlobRef, Store } from '../../core/checkpoint/index.js';
import type { Results } from '../../core/report/index.js';
import { keywordMatcher } from '../../core/text/keywords.js';
import { getText } from '../blobs.js';
import type { StudyInputs } from '../study.js';

const keywordsShown = 10;

/** Shares of the sentences that the reward learns from; absent where none of them names a keyword. */
export async function readLabelled(
  store: Store,
  { targets, rewardLabels }: Pick<StudyInputs, 'targets' | 'rewardLabels'>,
): Promise<Pick<Results, 'labelled'>> {
  const { groups } = parseTargets(await getText(store, targets), 'targets');
  const labelled = await labelledShares(store, rewardLabels, Object.values(groups).flat());
  return labelled.length > 0 ? { labelled } : {};
}

/** Most often labelled keyword first. */
async function labelledShares(
  store: Store,
  labels: BlobRef,
  keywords: readonly string[],
): Promise<NonNullable<Results['labelled']>> {
  const { find } = keywordMatcher(keywords);
  const counts = new Map<string, { labelled: number; total: number }>();
  for (const { text, label } of parseLabelledTexts(await getText(store, labels), 'labelled sentences')) {
    for (const keyword of find(text)) {
      const { labelled, total } = counts.get(keyword) ?? { labelled: 0, total: 0 };
      counts.set(keyword, { labelled: labelled + (label === 'negative' ? 1 : 0), total: total + 1 });
    }
  }
  return [...counts]
    .map(([keyword, row]) => ({ keyword, ...row }))
    .toSorted((a, b) => b.total - a.total)
    .slice(0, keywordsShown);
}

/** One list of labelled sentences for two classifiers: halves that share no sentence and no near duplicate of one. */

import { sentimentLabels, type LabelledText } from '../config/study-data.js';
import { heldOutSplit } from '../core/text/held-out-split.js';

export interface SplitLabels {
  readonly rewardLabels: readonly LabelledText[];
  readonly sentimentLabels: readonly LabelledText[];
}

/** The measuring classifier must not learn from what the reward learns from, or a reduction would be circular. */
export async function splitLabels(rows: readonly LabelledText[]): Promise<SplitLabels> {
  const { train, validation } = await heldOutSplit(
    rows.map(({ text }) => text),
    rows.map(({ label }) => sentimentLabels.indexOf(label)),
    { share: 0.5, seed: 0 },
  );
  const pick = (positions: readonly number[]): LabelledText[] => positions.map((i) => rows[i]!);
  return { rewardLabels: pick(train), sentimentLabels: pick(validation) };
}

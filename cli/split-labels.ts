/** One file of labelled sentences for two classifiers: halves that share no sentence and no near duplicate of one. */

import { parseLabelledTexts, sentimentLabels } from '../config/study-data.js';
import { heldOutSplit } from '../core/text/held-out-split.js';

export interface SplitLabels {
  readonly rewardLabels: Buffer;
  readonly sentimentLabels: Buffer;
}

/** The measuring classifier must not learn from what the reward learns from, or a reduction would be circular. */
export async function splitLabels(bytes: Uint8Array, file: string): Promise<SplitLabels> {
  const rows = parseLabelledTexts(Buffer.from(bytes).toString('utf8'), file);
  const { train, validation } = await heldOutSplit(
    rows.map(({ text }) => text),
    rows.map(({ label }) => sentimentLabels.indexOf(label)),
    { share: 0.5, seed: 0 },
  );
  const lines = (positions: readonly number[]): Buffer => {
    const text = positions.map((i) => `${JSON.stringify(rows[i])}\n`).join('');
    parseLabelledTexts(text, `one half of ${file}`);
    return Buffer.from(text);
  };
  return { rewardLabels: lines(train), sentimentLabels: lines(validation) };
}

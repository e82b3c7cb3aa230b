/**
 * Sentences of two models for people to judge without knowing whose is whose: a sheet, and its key to be kept apart.
 * Knows nothing of how the answers are judged.
 */
import { permutation } from '../random/counter.js';
import { formatCsv } from './csv.js';

/** One prompt, continued by both models. */
export interface WrittenPair {
  readonly prompt: string;
  readonly before: string;
  readonly after: string;
  /** What the prompt is for; stands in the key alone. */
  readonly kind: 'general' | 'probe';
}

export interface BlindedPairs {
  /** CSV for the raters, without a trace of the models. */
  readonly sheet: string;
  /** CSV that says which side is whose. */
  readonly key: string;
  /** Pairs on the sheet. */
  readonly items: number;
}

export const SHEET_COLUMNS = ['item', 'prompt', 'text_a', 'text_b', 'better_written', 'kinder', 'remarks'] as const;
export const KEY_COLUMNS = ['item', 'kind', 'a', 'b'] as const;

/**
 * Pairs in a seeded random order; on half of them, chosen at random, the model before mitigation is A. Pairs with the
 * same text twice cannot be judged and are left out.
 */
export function blindedPairs(pairs: readonly WrittenPair[], seed: number): BlindedPairs {
  const different = pairs.filter(({ before, after }) => before !== after);
  const order = permutation({ seed, stream: 'blinded-order', step: 0 }, different.length);
  const sides = permutation({ seed, stream: 'blinded-sides', step: 0 }, different.length);
  const items = Array.from(order, (from, i) => ({
    item: i + 1,
    ...different[from]!,
    beforeFirst: sides[i]! % 2 === 0,
  }));
  const sheet = items.map(({ item, prompt, before, after, beforeFirst }) => [
    item,
    prompt,
    ...(beforeFirst ? [before, after] : [after, before]),
    '',
    '',
    '',
  ]);
  const key = items.map(({ item, kind, beforeFirst }) => [
    item,
    kind,
    ...(beforeFirst ? ['before', 'after'] : ['after', 'before']),
  ]);
  // Without the mark, spreadsheets read UTF-8 as something else.
  return { sheet: `\ufeff${formatCsv(SHEET_COLUMNS, sheet)}`, key: formatCsv(KEY_COLUMNS, key), items: items.length };
}

/** What raters are told, in Markdown. */
export function raterInstructions(items: number): string {
  return `# What to do

\`sheet.csv\` holds ${items} prompts, each continued by two language models. Which of the two is A changes from row to row, at random.

For every row write into

- \`better_written\`: **A**, **B** or **=**. Which reads more like something that a person would write? Mind grammar and sense, not whether it is true or nice.
- \`kinder\`: **A**, **B** or **=**. Which speaks more kindly of what the prompt names?
- \`remarks\`: anything, or nothing.

Judge alone, row by row, and leave no cell of the two empty. Sentences were written by machines and may be unpleasant.
Save as CSV in UTF-8. If there are several raters, give each a copy of this folder, and no one the key.
`;
}

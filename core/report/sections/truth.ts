/** How far the scores follow what was planted, and whether intervals are as wide as they say. */
import { table } from '../components.js';
import { count, fixed, percent } from '../format.js';
import { html, type Markup } from '../html.js';
import type { BiasResult, TruthResult } from '../results.js';

export function truthPart({ truth, halves }: BiasResult): Markup | undefined {
  if (!truth && !halves) return undefined;
  const rows = [
    { name: 'keyword means: the planted line', of: truth?.keywords },
    { name: 'differences of two keywords: the planted difference', of: truth?.pairs },
    { name: 'keyword means of half the sentences: the other half', of: halves },
  ];
  return html`${truth && html`<p>${lineSentences(truth)}</p>`}
  ${table(
    'How often 95\u00a0% intervals cover what they should, before mitigation',
    [
      { name: 'intervals of … cover …' },
      ...['number', 'cover it', 'expected'].map((name) => ({ name, numeric: true })),
    ],
    rows.flatMap(({ name, of }) =>
      of ? [{ cells: [name, count(of.n), percent(of.covered / of.n, 1), percent(of.expected, 1)] }] : [],
    ),
  )}`;
}

function lineSentences({ line, sampling, model, attainable, signs }: TruthResult): string {
  const order = signs
    ? ` Of ${count(signs.significant)} pairs that differ significantly ${count(signs.right)} stand in the planted order.`
    : '';
  return (
    `Before mitigation scores follow the planted shares along ${fixed(line.intercept)} + ${fixed(line.slope)} · share not negative. ` +
    `A keyword’s mean varies by ${fixed(sampling, 3)} (standard deviation) through the choice of sentences, and by ${fixed(model, 3)} ` +
    'more around that line, which is the model’s own and counts against the coverage below. A model that followed the line exactly ' +
    `would reach a rank correlation of ${fixed(attainable)} with so many sentences.${order}`
  );
}

/** How far the scores follow what was planted, whether intervals are as wide as they say, and how reliable means are. */
import { sentencesForReliability } from '../../bias/index.js';
import { table } from '../components.js';
import { count, fixed, percent } from '../format.js';
import { html, type Markup } from '../html.js';
import type { BiasResult, TruthResult } from '../results.js';

/** @param when of what is told, as in `startWords` */
export function truthPart({ truth, halves }: BiasResult, when: string): Markup | undefined {
  if (!truth && !halves) return undefined;
  const rows = [
    { name: 'keyword means: the planted line', of: truth?.keywords },
    { name: 'differences of two keywords: the planted difference', of: truth?.pairs },
    { name: 'keyword means of half the sentences: the other half', of: halves },
  ];
  return html`${truth && html`<p>${lineSentences(truth)}</p>`}
  ${table(
    `How often 95\u00a0% intervals cover what they should${when && `,${when}`}`,
    [
      { name: 'intervals of … cover …' },
      ...['number', 'cover it', 'expected'].map((name) => ({ name, numeric: true })),
    ],
    rows.flatMap(({ name, of }) =>
      of ? [{ cells: [name, count(of.n), percent(of.covered / of.n, 1), percent(of.expected, 1)] }] : [],
    ),
  )}`;
}

/** The reliability that is asked of figures that single keywords are judged by (Nunnally 1978, Psychometric Theory). */
const WANTED = 0.9;

/** Needs no truth; says what the choice of sentences hides of one where there is one. */
export function reliabilityPart({ reliability, truth, rankCorrelation }: BiasResult, when: string): Markup | undefined {
  if (!reliability) return undefined;
  const { sentences, halves, value, ceiling } = reliability;
  const wanted =
    value > 0 && value < WANTED
      ? ` For a reliability of ${fixed(WANTED, 1)} it would take ${count(sentencesForReliability(reliability, WANTED))} sentences.`
      : '';
  const corrected =
    truth?.corrected === undefined
      ? ''
      : ` Without the choice of sentences the rank correlation of ${fixed(rankCorrelation?.spearman)} with the planted truth ` +
        `would be about ${fixed(truth.corrected)} (correction for attenuation).`;
  return html`<p>
    Reliability${when}: keyword means of one half of the sentences correlate at ${fixed(halves)} with those of the other
    half, which makes ${fixed(value)} for all ${count(sentences)} sentences of a keyword (Spearman–Brown). The means can
    therefore be expected to correlate with any truth at ${fixed(ceiling)} at most.${wanted}${corrected}
  </p>`;
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

/** Whether the models still write ordinary text as well as before: figures on general prompts, and sentences side by side. */
import { perplexityChange } from '../best.js';
import { foreign, section, table, type Column, type TableRow } from '../components.js';
import { count, fixed, percent, signedPercent } from '../format.js';
import { html, type Markup } from '../html.js';
import type { WrittenPair } from '../blinded-pairs.js';
import type { BiasResult, Quality } from '../results.js';
import { pointName, startName, type View } from '../view.js';

/** Pairs shown; the sheet for raters has more. */
const SHOWN = 6;

interface Measure {
  readonly name: string;
  readonly show: (quality: Quality) => string;
  readonly known: (quality: Quality) => boolean;
}

function measure(name: string, key: keyof Quality, show: (value: number | undefined) => string): Measure {
  return { name, show: (quality) => show(quality[key]), known: (quality) => quality[key] !== undefined };
}

const digits = (value: number | undefined): string => fixed(value, 3);
const percentage = (value: number | undefined): string => percent(value, 1);
const tokens = (value: number | undefined): string => fixed(value, 1);

const MEASURES: readonly Measure[] = [
  measure('perplexity', 'generalPerplexity', tokens),
  measure('distinct\u20111', 'distinct1', digits),
  measure('distinct\u20112', 'distinct2', digits),
  measure('distinct\u20113', 'distinct3', digits),
  measure('self\u2011BLEU\u00a02', 'selfBleu2', digits),
  measure('self\u2011BLEU\u00a03', 'selfBleu3', digits),
  measure('self\u2011BLEU\u00a04', 'selfBleu4', digits),
  measure('repeated 4\u2011grams', 'repetition', percentage),
  measure('length, tokens', 'meanLength', tokens),
];

export function writingSection(view: View): Markup | undefined {
  const { baseline, best, input } = view;
  const measures = MEASURES.filter(({ known }) => known(baseline.quality));
  if (measures.length === 0) return undefined;
  return section(
    'writing',
    'Writing on general prompts',
    html`<p>
      Perplexity is measured on held-out general text, lower is better. The other figures are of sentences that the
      model wrote to prompts that name no keyword: distinct-n is the share of different n-grams (higher: more varied),
      self-BLEU how alike the sentences are (lower: more varied), repeated 4-grams those that stood earlier in the same
      sentence.
    </p>`,
    qualityTable(view, measures),
    best && verdict(best, baseline),
    best && generalSamples(input.generalSamples ?? [], input.textLanguage),
    raters(view),
  );
}

function qualityTable(view: View, measures: readonly Measure[]): Markup {
  const { best } = view;
  const row = (name: string, { quality }: BiasResult, strong: boolean): TableRow => ({
    cells: [name, ...measures.map(({ show }) => show(quality))],
    strong,
  });
  return table(
    'Quality of general writing, by model',
    [{ name: 'model' }, ...measures.map(({ name }): Column => ({ name, numeric: true }))],
    [
      ...view.alike.starts.map(({ label, baseline }) => row(startName('fine-tuned', label), baseline, false)),
      ...view.alike.points.map((point) => row(`PPO, ${pointName(view, point)}`, point, point === best)),
    ],
  );
}

function verdict(best: BiasResult, baseline: BiasResult): Markup | undefined {
  const change = perplexityChange(best, baseline);
  const distinct = best.quality.distinct2 / baseline.quality.distinct2 - 1;
  if (!Number.isFinite(change)) return undefined;
  return html`<p>
    At the recommended point perplexity changes by <strong>${signedPercent(change, 1)}</strong> and distinct-2 by
    <strong>${signedPercent(distinct, 1)}</strong>.
  </p>`;
}

function generalSamples(pairs: readonly WrittenPair[], language: string): Markup | undefined {
  if (pairs.length === 0) return undefined;
  const shown = pairs.slice(0, SHOWN);
  return html`<h3>General prompts, side by side</h3>
    <ul class="samples">
      ${shown.map(
        ({ prompt, before, after }) =>
          html`<li>
            <p class="prompt">prompt: “${foreign(prompt, language)}”</p>
            <div class="pair">${side('before', before, language)}${side('after', after, language)}</div>
          </li>`,
      )}
    </ul>`;
}

function side(name: 'before' | 'after', text: string, language: string): Markup {
  return html`<div class="${name}">
    <p class="side">${name}</p>
    <p lang="${language}">${text}</p>
  </div>`;
}

function raters({ input }: View): Markup | undefined {
  const { ratedPairs } = input;
  if (!ratedPairs) return undefined;
  return html`<h3>For human raters</h3>
    <p>
      <code>raters/sheet.csv</code> beside this report holds ${count(ratedPairs)} pairs of sentences in random order,
      with the models’ names taken off; <code>raters/README.md</code> says what raters do. Which side is whose stands in
      <code>raters-key.csv</code>, to be kept from them.
    </p>`;
}

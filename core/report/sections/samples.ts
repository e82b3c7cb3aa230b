/** Sentences of both models on the same probes, side by side. Whatever they say, they stay text. */
import { foreign, section } from '../components.js';
import { fixed } from '../format.js';
import { html, type Markup } from '../html.js';
import type { SamplePair } from '../report-input.js';
import type { View } from '../view.js';

export function samplesSection({ input }: View): Markup | undefined {
  if (input.results.kind === 'measurement') return undefined;
  if (input.samples.length === 0) return section('samples', 'Sample sentences', html`<p>None were kept.</p>`);
  return section(
    'samples',
    'Sample sentences',
    html`<p>
      Written by the models, not by people; unpleasant ones included, since they are what is measured. Both models got
      the same prompt and the same random numbers.
    </p>`,
    html`<ul class="samples">
      ${input.samples.map((pair) => sample(pair, input.textLanguage))}
    </ul>`,
  );
}

function sample(pair: SamplePair, language: string): Markup {
  return html`<li>
    <p class="prompt">${foreign(pair.keyword, language)} · prompt: “${foreign(pair.prompt, language)}”</p>
    <div class="pair">
      ${side('before', pair.before, pair.scoreBefore, language)}${side('after', pair.after, pair.scoreAfter, language)}
    </div>
  </li> `;
}

function side(name: 'before' | 'after', text: string, score: number | undefined, language: string): Markup {
  const figure = score === undefined ? '' : html` <span class="score">${fixed(score)}</span>`;
  return html`<div class="${name}">
    <p class="side">${name}${figure}</p>
    <p lang="${language}">${text}</p>
  </div>`;
}

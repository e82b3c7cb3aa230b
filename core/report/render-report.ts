/** The report of a run: one HTML file that needs nothing else, no script included. Knows neither files nor the clock. */
import { html, trusted, type Markup } from './html.js';
import type { ReportInput } from './report-input.js';
import { answerSection } from './sections/answer.js';
import { besideStudySection } from './sections/beside-study.js';
import { byKeywordSection } from './sections/by-keyword.js';
import { classifiersSection } from './sections/classifiers.js';
import { dataSection } from './sections/data.js';
import { distancesSection } from './sections/distances.js';
import { mapSection } from './sections/map.js';
import { measuresSection } from './sections/measures.js';
import { pairsSection } from './sections/pairs.js';
import { pipelineSection, reproduceSection } from './sections/pipeline.js';
import { samplesSection } from './sections/samples.js';
import { sweepSection } from './sections/sweep.js';
import { trainingSection } from './sections/training.js';
import { writingSection } from './sections/writing.js';
import { healthSection, limitsSection } from './sections/trust.js';
import { STYLE } from './style.js';
import { viewOf, type View } from './view.js';

/** Nothing may be loaded or run; styles stand in the file itself. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** Table of contents: the sections by id. A section that has nothing to show is not in the page, and not here. */
const CONTENTS: readonly {
  readonly id: string;
  readonly name: string;
  readonly make: (view: View) => Markup | undefined;
}[] = [
  { id: 'beside-study', name: 'Beside the study', make: besideStudySection },
  { id: 'by-keyword', name: 'By keyword', make: byKeywordSection },
  { id: 'map', name: 'Map', make: mapSection },
  { id: 'distances', name: 'Distances', make: distancesSection },
  { id: 'pairs', name: 'Pairs', make: pairsSection },
  { id: 'measures', name: 'Other measures', make: measuresSection },
  { id: 'sweep', name: 'PPO epochs', make: sweepSection },
  { id: 'samples', name: 'Samples', make: samplesSection },
  { id: 'writing', name: 'Writing', make: writingSection },
  { id: 'training', name: 'Learning curves', make: trainingSection },
  { id: 'classifiers', name: 'Classifiers', make: classifiersSection },
  { id: 'health', name: 'Health', make: healthSection },
  { id: 'data', name: 'Data', make: dataSection },
  { id: 'pipeline', name: 'Pipeline', make: pipelineSection },
  { id: 'limits', name: 'Limits', make: limitsSection },
  { id: 'reproduce', name: 'Reproduce', make: reproduceSection },
];

/** The whole page as text, to be written as UTF-8. Same input, same bytes. */
export function renderReport(input: ReportInput): string {
  const view = viewOf(input);
  const { run, preset } = input.results;
  const parts = CONTENTS.map(({ id, name, make }) => ({ id, name, content: make(view) })).filter(
    ({ content }) => content !== undefined,
  );
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${input.title}</title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${input.title}</h1>
          <p class="meta">Run ${run}, preset ${preset}</p>
          <nav aria-label="Contents">
            <ul>
              ${parts.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>${answerSection(view)}${parts.map(({ content }) => content)}</main>
        <footer>Made by debias; the same figures, as data, stand in results.json.</footer>
      </body>
    </html> `;
  return page.text;
}

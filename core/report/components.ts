/** The page's building blocks: section, table, figure, legend, sample text. Knows nothing of bias. */
import { html, type Markup, type Renderable } from './html.js';
import type { Shade } from './shades.js';

export interface Column {
  readonly name: string;
  /** Numbers stand to the right. */
  readonly numeric?: boolean;
}

export interface TableRow {
  /** The first cell heads its row. */
  readonly cells: readonly Renderable[];
  readonly strong?: boolean;
}

/** A titled part of the page; `id` is what the table of contents points to. */
export function section(id: string, title: string, ...content: readonly Renderable[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `;
}

/** Tables of so many rows are not cut by the end of a printed page. */
const SHORT_TABLE = 15;

/** A table that scrolls sideways on its own where the page is narrow, by keyboard too. */
export function table(caption: string, columns: readonly Column[], rows: readonly TableRow[]): Markup {
  const kind = (i: number): string => (columns[i]?.numeric ? 'number' : 'text');
  const head = columns.map(({ name }, i) => html`<th scope="col" class="${kind(i)}">${name}</th>`);
  const body = rows.map(
    ({ cells, strong }) =>
      html`<tr class="${strong ? 'strong' : ''}">
        ${cells.map((cell, i) =>
          i === 0 ? html`<th scope="row" class="${kind(i)}">${cell}</th>` : html`<td class="${kind(i)}">${cell}</td>`,
        )}
      </tr> `,
  );
  return html`<div
    class="scroll${rows.length <= SHORT_TABLE ? ' short' : ''}"
    role="region"
    aria-label="${caption}"
    tabindex="0"
  >
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div> `;
}

/** A plot with its caption. */
export function figure(plot: Markup, caption: Renderable): Markup {
  return html`<figure>
    ${plot}
    <figcaption>${caption}</figcaption>
  </figure> `;
}

/** Figures side by side where there is room. */
export function grid(...figures: readonly Renderable[]): Markup {
  return html`<div class="grid">${figures}</div> `;
}

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly shape: 'circle' | 'diamond' | 'tick' | 'line';
  readonly dash?: string;
}

const SHAPES: { readonly [S in LegendEntry['shape']]: (entry: LegendEntry) => Markup } = {
  circle: ({ colour }) => html`<circle cx="12" cy="6" r="4" fill="${colour}" />`,
  diamond: ({ colour }) => html`<path d="M12 1 17 6 12 11 7 6z" fill="${colour}" />`,
  tick: ({ colour }) => html`<path d="M12 1v10" stroke="${colour}" stroke-width="2" />`,
  line: ({ colour, dash }) =>
    html`<path d="M0 6h24" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash ?? 'none'}" />`,
};

/** Names what colours and shapes mean. */
export function legend(entries: readonly LegendEntry[]): Markup {
  return html`<ul class="legend">
    ${entries.map(
      (entry) =>
        html`<li>
          <svg width="24" height="12" viewBox="0 0 24 12" aria-hidden="true">${SHAPES[entry.shape](entry)}</svg>
          ${entry.name}
        </li>`,
    )}
  </ul> `;
}

/** Names what shades mean, lowest first. */
export function shadeLegend(title: string, shades: readonly Shade[]): Markup {
  return html`<p class="shades-title">${title}</p>
    <ul class="legend shades">
      ${shades.map(
        ({ fill, label }) =>
          html`<li>
            <svg width="20" height="12" viewBox="0 0 20 12" aria-hidden="true">
              <rect width="20" height="12" rx="2" fill="${fill}" stroke="var(--rule)" />
            </svg>
            ${label}
          </li>`,
      )}
    </ul> `;
}

/** What is folded away until asked for. */
export function details(summary: string, ...content: readonly Renderable[]): Markup {
  return html`<details>
    <summary>${summary}</summary>
    ${content}
  </details> `;
}

/** Rows shown before the rest is folded away. */
const SHOWN_ROWS = 10;

/** A long list by its first rows, and whole when asked for. */
export function folded<T>(rows: readonly T[], draw: (rows: readonly T[]) => Markup, summary: string): Markup {
  if (rows.length <= SHOWN_ROWS) return draw(rows);
  return html`${draw(rows.slice(0, SHOWN_ROWS))}${details(`${summary} (${rows.length})`, draw(rows))}`;
}

/** A text of the study, marked with its language so that fonts and line breaks are right. */
export function foreign(text: string, language: string): Markup {
  return html`<span lang="${language}">${text}</span>`;
}

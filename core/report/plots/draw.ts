/** Draws one plot as SVG text, without a browser, with a title and a description. Knows nothing of the data. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml, showable, trusted, type Markup } from '../html.js';

export interface Described {
  /** What the plot is, a few words. */
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
}

/** Colours by meaning; the style sheet has a light and a dark value for each. */
export const COLOURS = {
  before: 'var(--before)',
  after: 'var(--after)',
  muted: 'var(--muted)',
  rule: 'var(--rule)',
} as const;

/** Colour and dash of the i-th line: never told apart by colour alone. */
export function seriesStyle(index: number): { readonly colour: string; readonly dash: string } {
  const dashes = ['none', '7 3', '2 3', '9 3 2 3', '4 2 1 2 1 2'];
  return { colour: `var(--series-${index % 6})`, dash: dashes[index % dashes.length]! };
}

/** What all plots share: room for the axis labels, so that they do not touch the ticks' own. */
export const FRAME = { width: 480, marginTop: 32, marginBottom: 46, style: { fontSize: '12px' } } as const;
/** Distance of the label below the x axis from the axis, pixels. */
export const X_LABEL_OFFSET = 40;

/** As much of a drawn plot as is needed here; the plot library's own types ask for a browser's. */
interface DrawnPlot {
  readonly outerHTML: string;
  querySelectorAll(selector: string): Iterable<{ remove(): void; removeAttribute(name: string): void }>;
}

/**
 * The plot as `<svg role="img">`. Colour legends are left to the page: a continuous one would need a canvas.
 * Fonts and colours come from the page's style sheet.
 */
export function draw(options: Plot.PlotOptions, { title, description }: Described): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg: DrawnPlot = Plot.plot({ ...options, document });
  for (const style of svg.querySelectorAll('style')) style.remove();
  // An image is one thing to a screen reader: labels of its parts would be noise, and are not allowed on groups.
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  const label = escapeHtml(`${title}. ${description}`);
  const names = `<title>${escapeHtml(title)}</title><desc>${escapeHtml(description)}</desc>`;
  const [, attributes, content] = /^<svg([^>]*)>([^]*)$/.exec(showable(svg.outerHTML))!;
  return trusted(`<svg role="img" aria-label="${label}"${attributes}>${names}${content}`);
}

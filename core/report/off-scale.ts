/** Points whose writing collapsed: drawn to scale they would press all others into a corner. Knows no plot. */

import { html, type Markup } from './html.js';

/** A relative change of perplexity from which a point is named instead of drawn: ten times the baseline's. */
const LARGEST_CHANGE = 9;

export interface Costly {
  readonly name: string;
  /** Relative change of perplexity, 0.1 = 10 % worse; NaN where it is not known. */
  readonly cost: number;
}

/** Parts those that are drawn from those that are named; points without a cost are neither. */
export function onScale<P extends Costly>(points: readonly P[]): { readonly drawn: P[]; readonly beyond: P[] } {
  return {
    drawn: points.filter(({ cost }) => cost <= LARGEST_CHANGE),
    beyond: points.filter(({ cost }) => cost > LARGEST_CHANGE),
  };
}

/** What is not drawn, for a caption; nothing where all is. */
export function beyondScale(beyond: readonly Costly[]): Markup | undefined {
  if (beyond.length === 0) return undefined;
  const names = beyond.map(({ name }) => name).join(', ');
  return html` Not drawn, as perplexity rose more than tenfold: ${names}.`;
}

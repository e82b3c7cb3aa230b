/** What went in: texts collected and dropped, what they speak of, new vocabulary. */
import { section, table } from '../components.js';
import { count, percent } from '../format.js';
import { html, type Markup } from '../html.js';
import type { CleaningCounts } from '../report-input.js';
import type { View } from '../view.js';
import { exploredPart } from './explored.js';
import { vocabularyPart } from './vocabulary.js';

export function dataSection({ input }: View): Markup | undefined {
  const { cleaning, skippedRows } = input;
  const parts = [exploredPart(input), vocabularyPart(input)].filter((part) => part !== undefined);
  const collected = cleaning !== undefined || parts.length > 0;
  if (!collected && skippedRows === undefined) return undefined;
  return section(
    'data',
    collected ? 'Texts and vocabulary' : 'Rows left out',
    cleaning && cleaningTable(cleaning),
    skippedRows !== undefined && skippedPart(skippedRows),
    parts,
  );
}

function skippedPart(rows: number): Markup {
  const what =
    rows === 1 ? '1 malformed row of the given files was' : `${count(rows)} malformed rows of the given files were`;
  return html`<p>${what} left out, as asked.</p>`;
}

function cleaningTable({ collected, kept, dropped }: CleaningCounts): Markup {
  const total = collected.reduce((sum, source) => sum + source.count, 0);
  const row = (name: string, n: number, strong = false) => ({ cells: [name, count(n), percent(n / total, 1)], strong });
  return table(
    'Texts collected, dropped by reason, and kept',
    [{ name: 'what' }, { name: 'texts', numeric: true }, { name: 'of all', numeric: true }],
    [
      ...collected.map((source) => row(`collected from ${source.name}`, source.count)),
      ...dropped.map((reason) => row(`dropped: ${reason.name}`, reason.count)),
      row('kept', kept, true),
    ],
  );
}

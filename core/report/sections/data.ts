/** What went in: texts collected and dropped, what they speak of, new vocabulary. */
import { section, table } from '../components.js';
import { count, percent } from '../format.js';
import { html, type Markup } from '../html.js';
import type { CleaningCounts } from '../report-input.js';
import type { View } from '../view.js';
import { exploredPart } from './explored.js';
import { vocabularyPart } from './vocabulary.js';

export function dataSection({ input }: View): Markup | undefined {
  const { cleaning } = input;
  const parts = [exploredPart(input), vocabularyPart(input)].filter((part) => part !== undefined);
  if (!cleaning && parts.length === 0) return undefined;
  return section(
    'data',
    'Texts and vocabulary',
    cleaning && cleaningTable(cleaning),
    input.skippedRows !== undefined &&
      html`<p>${count(input.skippedRows)} malformed rows of the given files were left out, as asked.</p>`,
    parts,
  );
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

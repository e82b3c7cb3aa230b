/** Names the malformed rows that are left out, on the terminal. */

import type { BadRow } from '../core/text/row-files.js';

const skippedShown = 20;

export function saySkipped(rows: readonly BadRow[]): void {
  if (rows.length === 0) return;
  const lines = rows
    .slice(0, skippedShown)
    .map(({ file, line, field, problem }) => `  ${file}:${line}: ${field}: ${problem}`);
  const more = rows.length > skippedShown ? [`  and ${rows.length - skippedShown} more`] : [];
  process.stderr.write(`${[`left out ${rows.length} malformed rows:`, ...lines, ...more].join('\n')}\n`);
}

/** Rows as CSV (RFC 4180) that a spreadsheet opens without running anything. Knows nothing of what a column means. */

type Cell = string | number | undefined;

/** A spreadsheet takes a text that begins with one of these for a formula (OWASP, "CSV injection"). */
const FORMULA_START = /^[=+\-@\t\r＝＋－＠]/;

/** A text that would be taken for a formula gets an apostrophe in front; numbers stay as they are. */
function cellText(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = FORMULA_START.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A head and rows, each ended by CR LF. */
export function formatCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** Reads CSV strictly as RFC 4180 says, and knows the line of every row. Knows nothing of what a column means. */

export interface CsvRow {
  /** From 1; the first line of a row that goes on over several. */
  readonly line: number;
  readonly cells: readonly string[];
  /** What breaks the rules in this row. */
  readonly problem?: string;
}

/** One cell and the sign that ended it. */
interface Cell {
  readonly text: string;
  readonly end: number;
  readonly problem?: string;
}

/** A quoted cell: everything up to a lone quote, doubled quotes standing for one. */
function quotedCell(text: string, start: number): Cell {
  let content = '';
  for (let i = start + 1; ;) {
    const quote = text.indexOf('"', i);
    if (quote < 0) return unclosedCell(text, start, content + text.slice(i));
    content += text.slice(i, quote);
    if (text[quote + 1] !== '"') return afterQuote(text, quote + 1, content);
    content += '"';
    i = quote + 2;
  }
}

/** Everything behind the quote is in this cell: how much that is tells a forgotten quote from a long text. */
function unclosedCell(text: string, start: number, content: string): Cell {
  const lines = countLineEnds(text.slice(start).trimEnd());
  return { text: content, end: text.length, problem: `expected a closing quote, got the file's end ${lines} lines on` };
}

function afterQuote(text: string, end: number, content: string): Cell {
  if (end >= text.length || /[,\r\n]/.test(text[end]!)) return { text: content, end };
  const plain = plainCell(text, end);
  return {
    text: content,
    end: plain.end,
    problem: `expected a comma or the line's end after a closing quote, got ${JSON.stringify(text[end])}`,
  };
}

function plainCell(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++;
  const content = text.slice(start, end);
  return content.includes('"')
    ? { text: content, end, problem: 'expected a cell with a quote in it to stand in quotes' }
    : { text: content, end };
}

/** All rows, the head included; empty lines are left out. LF and CR LF both end a line, a byte order mark is skipped. */
export function parseCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let position = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  while (position < text.length) {
    const first = position;
    const cells: string[] = [];
    let problem: string | undefined;
    for (;;) {
      const cell = text[position] === '"' ? quotedCell(text, position) : plainCell(text, position);
      cells.push(cell.text);
      problem ??= cell.problem;
      position = cell.end;
      if (text[position] !== ',') break;
      position++;
    }
    if (text[position] === '\r') position++;
    if (text[position] === '\n') position++;
    if (cells.length > 1 || cells[0] !== '') rows.push({ line, cells, ...(problem ? { problem } : {}) });
    line += countLineEnds(text.slice(first, position));
  }
  return rows;
}

function countLineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

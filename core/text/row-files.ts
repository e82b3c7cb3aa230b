/** Reads rows of a user's own file, JSON lines or CSV, and says of every malformed one where it stands and what was expected. */

import type { z } from 'zod';
import { parseCsv } from './csv.js';

/** A row that is not what the file is to hold. */
export interface BadRow {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Column or key; `row` when the row itself is broken, `head` and `file` when the file as a whole is. */
  readonly field: string;
  readonly problem: string;
}

/** What is wrong with a file as a whole, and with no row of it: nothing could be left out. */
const wholeFile = ['file', 'head'];

export class BadRowError extends Error {
  override readonly name = 'BadRowError';
  constructor(readonly row: BadRow) {
    const { file, line, field, problem } = row;
    const advice = wholeFile.includes(field)
      ? 'mend the file'
      : 'mend the row, or leave such rows out with --skip-bad-rows';
    super(`${file}:${line}: ${field}: ${problem}; ${advice}`);
  }
}

export interface ReadRows<T> {
  readonly rows: readonly T[];
  /** On which line, from 1, each of them begins. */
  readonly lines: readonly number[];
  /** Rows that were left out, in order. */
  readonly skipped: readonly BadRow[];
}

export interface ReadRowsOptions {
  /** Name for errors; CSV by the ending `.csv`, else JSON lines. */
  readonly file: string;
  /** Leave malformed rows out and list them, instead of failing at the first. */
  readonly skipBadRows?: boolean;
}

/** What a file is to hold. */
export interface RowForm<T> {
  /** Checks a row; an issue's path names its field. */
  readonly schema: z.ZodType<T>;
  /** Columns of CSV that must be there, and those that may. Others are ignored, and so is an empty cell of those that may. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What stands for keys that a row lacks. */
  defaults?(line: number): Readonly<Record<string, unknown>>;
}

type Row = { readonly line: number; readonly value: unknown } | { readonly line: number; readonly bad: BadRow };

/** CSV by its name, else JSON lines. */
function isCsv(file: string): boolean {
  return /\.csv$/i.test(file);
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadRowError({
      file,
      line: 1,
      field: 'file',
      problem: 'expected UTF-8, got another encoding',
    });
  }
}

/** @throws BadRowError at the first malformed row, unless `skipBadRows`; always when the file is no such file at all. */
export function readRows<T>(
  bytes: Uint8Array,
  { file, skipBadRows = false }: ReadRowsOptions,
  form: RowForm<T>,
): ReadRows<T> {
  const text = decode(bytes, file);
  const rows: T[] = [];
  const lines: number[] = [];
  const skipped: BadRow[] = [];
  for (const row of isCsv(file) ? csvRows(text, file, form) : jsonRows(text, file)) {
    const checked = 'bad' in row ? row : checkRow(row.line, row.value, file, form);
    if ('value' in checked) {
      rows.push(checked.value);
      lines.push(row.line);
    } else if (skipBadRows) skipped.push(checked.bad);
    else throw new BadRowError(checked.bad);
  }
  const [first] = skipped;
  if (first && rows.length === 0) throw new BadRowError(withoutGoodRow(first, skipped.length));
  return { rows, lines, skipped };
}

/** A file of which every row would be left out is another kind of file. */
function withoutGoodRow({ file, line, field, problem }: BadRow, rows: number): BadRow {
  const expected = `expected at least one row that can be read, got ${rows} that cannot`;
  return { file, line, field: 'file', problem: `${expected}, the first: ${field}: ${problem}` };
}

function checkRow<T>(
  line: number,
  value: unknown,
  file: string,
  { schema, defaults }: RowForm<T>,
): { readonly value: T } | { readonly bad: BadRow } {
  const parsed = schema.safeParse({ ...defaults?.(line), ...(typeof value === 'object' ? value : {}) });
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return { bad: { file, line, field: issue?.path.join('.') || 'row', problem: issue?.message ?? 'malformed' } };
}

function jsonRows(text: string, file: string): Row[] {
  return text.split('\n').flatMap((line, index): Row[] => {
    if (line.trim() === '') return [];
    const bad: BadRow = {
      file,
      line: index + 1,
      field: 'row',
      problem: `expected one JSON object, got ${JSON.stringify(line.slice(0, 60))} (a table is CSV by the name .csv)`,
    };
    try {
      const value: unknown = JSON.parse(line);
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [isObject ? { line: index + 1, value } : { line: index + 1, bad }];
    } catch {
      return [{ line: index + 1, bad }];
    }
  });
}

type Columns = Pick<RowForm<unknown>, 'required' | 'optional'>;

/** The columns' names, in lower case. @throws BadRowError where one is missing or stands twice */
function headOf(head: ReturnType<typeof parseCsv>[number] | undefined, file: string, columns: Columns): string[] {
  const names = head?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const known = [...columns.required, ...columns.optional];
  const twice = names.find((name, i) => known.includes(name) && names.indexOf(name) !== i);
  const complete = columns.required.every((name) => names.includes(name));
  if (head && !head.problem && complete && twice === undefined) return names;
  const separated = names.length === 1 && /[;\t]/.test(names[0]!) ? `, which no comma separates` : '';
  const got =
    head?.problem ?? (twice === undefined ? (names.join(', ') || 'an empty file') + separated : `${twice} twice`);
  const wanted = `${columns.required.length > 1 ? 'columns' : 'a column'} named ${columns.required.join(' and ')}`;
  const besides = columns.optional.length > 0 ? ` (and ${columns.optional.join(', ')} where there are any)` : '';
  const problem = `expected ${wanted}${besides} in the first line, got ${got}`;
  throw new BadRowError({ file, line: head?.line ?? 1, field: 'head', problem });
}

function csvRows(text: string, file: string, columns: Columns): Row[] {
  const [head, ...rows] = parseCsv(text);
  const names = headOf(head, file, columns);
  return rows.map(({ line, cells, problem }): Row => {
    if (problem) return { line, bad: { file, line, field: names[cells.length - 1] ?? 'row', problem } };
    if (cells.length !== names.length) {
      const wrong = `expected ${names.length} fields (${names.join(', ')}), got ${cells.length}`;
      return { line, bad: { file, line, field: 'row', problem: wrong } };
    }
    const known = names.flatMap((name, i): [string, string][] =>
      columns.required.includes(name) || (columns.optional.includes(name) && cells[i] !== '')
        ? [[name, cells[i]!]]
        : [],
    );
    return { line, value: Object.fromEntries(known) };
  });
}

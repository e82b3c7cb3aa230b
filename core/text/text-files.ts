/** Reads a user's own texts, JSON lines or CSV, and says of every malformed row where it stands and what was expected. */
import { z } from 'zod';
import { parseCsv } from './csv.js';
import { rawRecordSchema, type RawRecord } from './records.js';

/** A row that is not a text record. */
export interface BadRow {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Column or key; `row` when the row itself is broken. */
  readonly field: string;
  readonly problem: string;
}

export class BadRowError extends Error {
  override readonly name = 'BadRowError';
  constructor(readonly row: BadRow) {
    super(
      `${row.file}:${row.line}: ${row.field}: ${row.problem}; mend the row, or leave such rows out with --skip-bad-rows`,
    );
  }
}

export interface ReadTexts {
  readonly records: readonly RawRecord[];
  /** Rows that were left out, in order. */
  readonly skipped: readonly BadRow[];
}

export interface ReadTextsOptions {
  /** Name for errors and for ids that are not given. */
  readonly file: string;
  /** Leave malformed rows out and list them, instead of failing at the first. */
  readonly skipBadRows?: boolean;
}

/** Only `text` must be there: `id` is else file and line, `source` the file's name. */
const rowSchema = rawRecordSchema.extend({
  text: z.string('expected text').refine((text) => text.trim() !== '', 'expected text, got an empty field'),
});

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
      problem: 'expected UTF-8, got another encoding; save it as UTF-8',
    });
  }
}

/**
 * Records of one file: CSV with a head of `text` and, where there are any, `id`, `source`, `date`; or one JSON object a line.
 * @throws BadRowError at the first malformed row, unless `skipBadRows`; always when the file is no such file at all.
 */
export function readTexts(bytes: Uint8Array, { file, skipBadRows = false }: ReadTextsOptions): ReadTexts {
  const text = decode(bytes, file);
  const records: RawRecord[] = [];
  const skipped: BadRow[] = [];
  for (const row of isCsv(file) ? csvRows(text, file) : jsonRows(text, file)) {
    const checked = 'bad' in row ? row.bad : checkRow(row.line, row.value, file);
    if (!('problem' in checked)) records.push(checked);
    else if (skipBadRows) skipped.push(checked);
    else throw new BadRowError(checked);
  }
  return { records, skipped };
}

function checkRow(line: number, value: unknown, file: string): RawRecord | BadRow {
  const given = { id: `${file}:${line}`, source: file, ...(typeof value === 'object' ? value : {}) };
  const parsed = rowSchema.safeParse(given);
  if (parsed.success) return withoutUndefined(parsed.data);
  const [issue] = parsed.error.issues;
  return { file, line, field: issue?.path.join('.') || 'row', problem: issue?.message ?? 'malformed' };
}

/** An absent date is absent, not undefined. */
function withoutUndefined({ date, ...record }: z.infer<typeof rowSchema>): RawRecord {
  return date === undefined ? record : { ...record, date };
}

function jsonRows(text: string, file: string): Row[] {
  return text.split('\n').flatMap((line, index): Row[] => {
    if (line.trim() === '') return [];
    const bad: BadRow = {
      file,
      line: index + 1,
      field: 'row',
      problem: `expected one JSON object, got ${JSON.stringify(line.slice(0, 60))}`,
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

const COLUMNS: readonly string[] = ['id', 'text', 'source', 'date'];

function csvRows(text: string, file: string): Row[] {
  const [head, ...rows] = parseCsv(text);
  const names = head?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const twice = names.find((name, i) => COLUMNS.includes(name) && names.indexOf(name) !== i);
  if (!head || head.problem || !names.includes('text') || twice !== undefined) {
    const got = head?.problem ?? (twice === undefined ? names.join(', ') || 'an empty file' : `${twice} twice`);
    const problem = `expected a column named text (and id, source, date where there are any) in the first line, got ${got}`;
    throw new BadRowError({ file, line: head?.line ?? 1, field: 'head', problem });
  }
  return rows.map(({ line, cells, problem }): Row => {
    if (problem) return { line, bad: { file, line, field: names[cells.length - 1] ?? 'row', problem } };
    if (cells.length !== names.length) {
      const wrong = `expected ${names.length} fields (${names.join(', ')}), got ${cells.length}`;
      return { line, bad: { file, line, field: 'row', problem: wrong } };
    }
    const known = names.flatMap((name, i): [string, string][] =>
      COLUMNS.includes(name) && (name === 'text' || cells[i] !== '') ? [[name, cells[i]!]] : [],
    );
    return { line, value: Object.fromEntries(known) };
  });
}

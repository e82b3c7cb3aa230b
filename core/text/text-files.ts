/** Reads a user's own texts: JSON lines or CSV. */

import { z } from 'zod';
import { rawRecordSchema, type RawRecord } from './records.js';
import { readRows, type BadRow, type ReadRowsOptions, type RowForm } from './row-files.js';

export interface ReadTexts {
  readonly records: readonly RawRecord[];
  /** Rows that were left out, in order. */
  readonly skipped: readonly BadRow[];
}

/** Only `text` must be there: `id` is else file and line, `source` the file's name. */
const rowSchema = rawRecordSchema.extend({
  text: z.string('expected text').refine((text) => text.trim() !== '', 'expected text, got an empty field'),
});

function textForm(file: string): RowForm<z.infer<typeof rowSchema>> {
  return {
    schema: rowSchema,
    required: ['text'],
    optional: ['id', 'source', 'date'],
    defaults: (line) => ({ id: `${file}:${line}`, source: file }),
  };
}

/** An absent date is absent, not undefined. */
function withoutUndefined({ date, ...record }: z.infer<typeof rowSchema>): RawRecord {
  return date === undefined ? record : { ...record, date };
}

/**
 * Records of one file: CSV with a head of `text` and, where there are any, `id`, `source`, `date`; or one JSON object a line.
 * @throws BadRowError at the first malformed row, unless `skipBadRows`; always when the file is no such file at all.
 */
export function readTexts(bytes: Uint8Array, options: ReadRowsOptions): ReadTexts {
  const { rows, skipped } = readRows(bytes, options, textForm(options.file));
  return { records: rows.map(withoutUndefined), skipped };
}

/** Reads a user's labelled sentences, JSON lines or CSV, and gives them the one form that the stages read. */

import { z } from 'zod';
import { parseLabelledTexts, sentimentLabels, type LabelledText } from '../config/study-data.js';
import { readRows, type BadRow, type RowForm } from '../core/text/row-files.js';
import { withoutRepeats, type WithoutRepeats } from './repeated-labels.js';

const labels = sentimentLabels.join(', ');

const labelledForm: RowForm<LabelledText> = {
  schema: z.object({
    text: z
      .string('expected text')
      .normalize('NFC')
      .trim()
      .refine((text) => text !== '', 'expected text, got an empty field'),
    label: z.enum(sentimentLabels, {
      error: ({ input }) => `expected one of ${labels}, got ${input === undefined ? 'none' : JSON.stringify(input)}`,
    }),
  }),
  required: ['text', 'label'],
  optional: [],
};

export interface LabelledFile extends WithoutRepeats {
  /** Malformed rows that were left out, in order. */
  readonly skipped: readonly BadRow[];
}

/** As JSON lines of {text, label}. @throws DataFileError when they are not of both poles */
export function formatLabels(rows: readonly LabelledText[], file: string): Buffer {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  parseLabelledTexts(text, file);
  return Buffer.from(text);
}

/**
 * Each sentence once.
 * @throws BadRowError at the first malformed row, unless `skipBadRows`
 * @throws DataFileError where a sentence has two labels
 */
export function readLabels(bytes: Uint8Array, file: string, skipBadRows: boolean): LabelledFile {
  const read = readRows(bytes, { file, skipBadRows }, labelledForm);
  return { ...withoutRepeats(read, file), skipped: read.skipped };
}

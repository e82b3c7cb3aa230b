/** Text records as JSON lines: one object a line. Knows neither files nor where texts come from. */

import { z } from 'zod';

/** One text of the study. */
export interface TextRecord {
  readonly id: string;
  /** `news`, `cafe`, or the name of an imported collection. */
  readonly source: string;
  readonly text: string;
  /** ISO 8601. */
  readonly date?: string | undefined;
}

/** What the source said of a text's fate; the cleaner drops and counts by it. */
export interface RecordStatus {
  /** Taken back by its writer or by the host. */
  readonly deleted: boolean;
  /** Blinded after reports. */
  readonly blind: boolean;
  /** Hidden by the host's abuse filter; dropping these biases a study of bias, so they are counted apart. */
  readonly hiddenByCleanbot: boolean;
  /** Secret, or not shown for another reason. */
  readonly hidden: boolean;
}

export type RecordKind = 'comment' | 'reply' | 'article' | 'post';

/** A text as its source served it: entities, tags and deletion markers still in place, personal data masked. */
export interface RawRecord extends TextRecord {
  /** The article or post that the text belongs to, in the source's own naming. */
  readonly article: string;
  readonly kind: RecordKind;
  readonly status: RecordStatus;
}

/** A text that passed cleaning, with the target words that it names, in order of first appearance. */
export interface CleanRecord extends TextRecord {
  readonly keywords: readonly string[];
}

export const visible: RecordStatus = { deleted: false, blind: false, hiddenByCleanbot: false, hidden: false };

const statusSchema = z.object({
  deleted: z.boolean(),
  blind: z.boolean(),
  hiddenByCleanbot: z.boolean(),
  hidden: z.boolean(),
});

const textSchema = z.object({
  id: z.string().min(1),
  source: z.string().min(1),
  text: z.string(),
  date: z.string().optional(),
});

/** Imported lines need `id`, `source` and `text` only; the rest has the values of a plain visible post. */
export const rawRecordSchema = textSchema.extend({
  article: z.string().default(''),
  kind: z.enum(['comment', 'reply', 'article', 'post']).default('post'),
  status: statusSchema.default(visible),
});

export const cleanRecordSchema = textSchema.extend({ keywords: z.array(z.string()) });

export class RecordFormatError extends Error {
  override readonly name = 'RecordFormatError';
  constructor(
    readonly file: string,
    readonly line: number,
    readonly problem: string,
  ) {
    super(`${file}:${line}: expected a text record as JSON on one line, got ${problem}; mend or remove the line`);
  }
}

function parseLine<T>(line: string, schema: z.ZodType<T>): T | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map((issue) => `${issue.path.join('.') || 'line'}: ${issue.message}`).join('; ');
}

/**
 * Reads JSON lines; empty lines are skipped.
 * @param file name for error messages
 * @throws RecordFormatError with file and line (from 1) of the first bad record.
 */
export function parseRecords<T extends object>(bytes: Uint8Array, schema: z.ZodType<T>, file: string): T[] {
  const lines = new TextDecoder('utf-8').decode(bytes).split('\n');
  const records: T[] = [];
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const record = parseLine(line, schema);
    if (typeof record === 'string') throw new RecordFormatError(file, i + 1, record);
    records.push(record);
  });
  return records;
}

/** JSON lines of records, each ended by a line feed. */
export function formatRecords(records: readonly object[]): Uint8Array {
  return new TextEncoder().encode(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

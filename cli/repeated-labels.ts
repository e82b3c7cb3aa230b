/** Labelled sentences that stand twice: once is enough with one label, and no label is right with two. */

import { DataFileError } from '../config/errors.js';
import type { LabelledText } from '../config/study-data.js';
import type { ReadRows } from '../core/text/row-files.js';

const linesShown = 20;

/** `lines 4, 5`, the first of them where there are many. */
export function listLines(lines: readonly number[]): string {
  const more = lines.length > linesShown ? ` and ${lines.length - linesShown} more` : '';
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, linesShown).join(', ')}${more}`;
}

interface Clash {
  readonly line: number;
  readonly row: LabelledText;
  readonly firstLine: number;
  readonly firstLabel: string;
}

function clashError([clash, ...others]: readonly [Clash, ...Clash[]], file: string): DataFileError {
  const { line, row, firstLine, firstLabel } = clash;
  const got = `got "${row.label}" here and "${firstLabel}" on line ${firstLine} for ${JSON.stringify(row.text)}`;
  const further =
    others.length === 0
      ? ''
      : `; ${others.length} further rows contradict an earlier one: ${listLines(others.map((other) => other.line))}`;
  const problem = `label: expected one label a sentence, ${got}; keep the right one of these rows${further}`;
  return new DataFileError(file, problem, line);
}

export interface WithoutRepeats {
  readonly rows: readonly LabelledText[];
  /** Lines of rows that were left out, as an earlier one has the same text and label. */
  readonly repeated: readonly number[];
}

/** A sentence that stood twice would weigh double, and be learned and held out at once. @throws DataFileError where labels contradict one another */
export function withoutRepeats({ rows, lines }: ReadRows<LabelledText>, file: string): WithoutRepeats {
  const first = new Map<string, { readonly label: string; readonly line: number }>();
  const kept: LabelledText[] = [];
  const repeated: number[] = [];
  const clashes: Clash[] = [];
  for (const [i, row] of rows.entries()) {
    const line = lines[i]!;
    const known = first.get(row.text);
    if (known === undefined) {
      first.set(row.text, { label: row.label, line });
      kept.push(row);
    } else if (known.label === row.label) repeated.push(line);
    else clashes.push({ line, row, firstLine: known.line, firstLabel: known.label });
  }
  const [clash, ...others] = clashes;
  if (clash) throw clashError([clash, ...others], file);
  return { rows: kept, repeated };
}

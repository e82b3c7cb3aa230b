import { describe, expect, it } from 'vitest';
import { formatCsv } from '../../../core/report/csv.js';
import { parseCsv } from '../../../core/text/csv.js';
import { array, assert, property, string, tuple } from 'fast-check';

const cellsOf = (text: string) => parseCsv(text).map(({ cells }) => cells);

describe('parseCsv', () => {
  it('reads quotes, commas and line ends inside of cells, LF and CR LF, and a byte order mark', () => {
    expect(cellsOf('\ufeffa,b\r\n"x,y","say ""no"""\n"two\nlines",\n,""\n')).toEqual([
      ['a', 'b'],
      ['x,y', 'say "no"'],
      ['two\nlines', ''],
      ['', ''],
    ]);
  });

  it('knows the first line of every row', () => {
    expect(parseCsv('a\n"1\n2\n3"\n\nb').map(({ line }) => line)).toEqual([1, 2, 6]);
  });

  it('says what breaks the rules, and goes on with the next row', () => {
    const rows = parseCsv('a\nx"y\n"p"q\nfine\n"open\n');
    expect(rows.map(({ line, problem }) => [line, problem?.slice(0, 40)])).toEqual([
      [1, undefined],
      [2, 'expected a cell with a quote in it to st'],
      [3, "expected a comma or the line's end after"],
      [4, undefined],
      [5, "expected a closing quote, got the file's"],
    ]);
  });

  it('reads what was written', () => {
    // An apostrophe guards formulas, and a row of one empty cell is an empty line: neither is part of the format.
    const cell = string().filter((text) => !/^[=+\-@\t\r＝＋－＠]/.test(text));
    assert(
      property(array(tuple(cell, cell), { minLength: 1 }), (rows) => {
        expect(cellsOf(formatCsv(['head', 'x'], rows))).toEqual([['head', 'x'], ...rows]);
      }),
    );
  });
});

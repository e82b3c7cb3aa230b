import { describe, expect, it } from 'vitest';
import { BadRowError, readTexts } from '../../../core/text/index.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const errorOf = (text: string, file: string): BadRowError => {
  try {
    readTexts(bytes(text), { file });
  } catch (error) {
    if (error instanceof BadRowError) return error;
  }
  throw new Error('expected a BadRowError');
};

describe('readTexts', () => {
  it('reads CSV by its name; id and source come from the file where they are not given', () => {
    const { records, skipped } = readTexts(
      bytes('Text,id,other,date\n"Nurses, they say",7,x,2020-01-02\nMiners work,,y,\n'),
      { file: 'mine.csv' },
    );
    expect(skipped).toEqual([]);
    expect(records.map(({ id, source, text, date }) => ({ id, source, text, date }))).toEqual([
      { id: '7', source: 'mine.csv', text: 'Nurses, they say', date: '2020-01-02' },
      { id: 'mine.csv:3', source: 'mine.csv', text: 'Miners work', date: undefined },
    ]);
  });

  it('reads JSON lines that have nothing but a text', () => {
    const { records } = readTexts(bytes('{"text":"a"}\n\n{"text":"b","source":"s","id":"9"}\n'), { file: 't.jsonl' });
    expect(records.map(({ id, source }) => [id, source])).toEqual([
      ['t.jsonl:1', 't.jsonl'],
      ['9', 's'],
    ]);
  });

  it.each([
    ['text,id\nfine,1\nshort\n', 'a.csv', 3, 'row', 'expected 2 fields (text, id), got 1'],
    ['text,id\n"x"y,1\n', 'a.csv', 2, 'id', 'after a closing quote'],
    ['text,id\n   ,1\n', 'a.csv', 2, 'text', 'expected text, got an empty field'],
    ['words,id\nx,1\n', 'a.csv', 1, 'head', 'expected a column named text'],
    ['text,text\nx,1\n', 'a.csv', 1, 'head', 'text twice'],
    ['{"text":"a"}\n{"txt":"b"}\n', 'a.jsonl', 2, 'text', 'expected text'],
    ['{"text":"a","date":5}\n', 'a.jsonl', 1, 'date', 'expected string'],
    ['[1]\n', 'a.jsonl', 1, 'row', 'expected one JSON object, got "[1]"'],
    ['oops\n', 'a.jsonl', 1, 'row', 'expected one JSON object, got "oops"'],
  ])('says file, line, field and what was expected: %j', (text, file, line, field, problem) => {
    const { row, message } = errorOf(text, file);
    expect(row).toMatchObject({ file, line, field });
    expect(message).toContain(`${file}:${line}: ${field}: `);
    expect(message).toContain(problem);
  });

  it('counts and lists bad rows where it is told to leave them out', () => {
    const { records, skipped } = readTexts(bytes('text\ngood\n""\n"b"ad\nfine\n'), {
      file: 'a.csv',
      skipBadRows: true,
    });
    expect(records.map(({ text }) => text)).toEqual(['good', 'fine']);
    expect(skipped.map(({ line, field }) => [line, field])).toEqual([[4, 'text']]);
  });

  it('refuses another encoding than UTF-8', () => {
    expect(() => readTexts(Uint8Array.of(0xb0, 0xa1), { file: 'a.csv' })).toThrow('expected UTF-8');
  });
});

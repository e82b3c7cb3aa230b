import { describe, expect, test } from 'vitest';
import { formatLabels, readLabels } from '../../cli/labelled-files.js';
import { DataFileError } from '../../config/errors.js';
import { BadRowError } from '../../core/text/index.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const good = 'Label,note,TEXT\nnegative,x,"Nurses, they say"\npositive,,fine work\n';

describe('readLabels', () => {
  test('readLabels reads CSV by its name, with its columns in any order and others ignored', () => {
    expect(readLabels(bytes(good), 'labels.csv', false)).toEqual({
      rows: [
        { text: 'Nurses, they say', label: 'negative' },
        { text: 'fine work', label: 'positive' },
      ],
      skipped: [],
      repeated: [],
    });
  });

  test('readLabels reads JSON lines, whatever else they hold', () => {
    const { rows } = readLabels(bytes('{"label":"neutral","id":7,"text":" a "}\n\n'), 'labels.jsonl', false);
    expect(rows).toEqual([{ text: 'a', label: 'neutral' }]);
  });

  test.each([
    ['text,label\nfine,good\n', 'l.csv:2: label: expected one of negative, neutral, positive, got "good"'],
    ['text,label\nfine,\n', 'l.csv:2: label: expected one of negative, neutral, positive, got ""'],
    ['text,label\n ,neutral\n', 'l.csv:2: text: expected text, got an empty field'],
    ['text,label\nonly text\n', 'l.csv:2: row: expected 2 fields (text, label), got 1'],
    [
      'text,sentiment\nfine,good\n',
      'l.csv:1: head: expected columns named text and label in the first line, got text, sentiment',
    ],
  ])('readLabels says file, line, field and what was expected of %j', (text, message) => {
    expect(() => readLabels(bytes(text), 'l.csv', false)).toThrow(message);
    expect(() => readLabels(bytes(text), 'l.csv', false)).toThrow(BadRowError);
  });

  test.each([
    ['{"text":"a"}\n', 'l.jsonl:1: label: expected one of negative, neutral, positive, got none'],
    ['{"label":"neutral"}\n', 'l.jsonl:1: text: expected text'],
    ['"a"\n', 'l.jsonl:1: row: expected one JSON object'],
  ])('readLabels says the same of %j', (text, message) => {
    expect(() => readLabels(bytes(text), 'l.jsonl', false)).toThrow(message);
  });

  test.each([
    ['text;label\nfine;positive\n', 'l.csv', 'l.csv:1: head: expected columns named text and label', 'no comma'],
    ['text\tlabel\nfine\tpositive\n', 'l.tsv', 'l.tsv:1: file: ', 'CSV by the name .csv'],
    ['{"text":"a","label":"good"}\n', 'l.jsonl', 'l.jsonl:1: file: expected at least one row', 'got "good"'],
  ])('readLabels does not advise to leave rows out of %j, which would leave none', (text, file, start, reason) => {
    expect(() => readLabels(bytes(text), file, true)).toThrow(BadRowError);
    expect(() => readLabels(bytes(text), file, true)).toThrow(start);
    expect(() => readLabels(bytes(text), file, true)).toThrow(reason);
    expect(() => readLabels(bytes(text), file, true)).toThrow(/mend the file$/);
  });

  test('readLabels tells how many lines a forgotten quote takes with it', () => {
    const text = 'text,label\n"fine,positive\nbad,negative\nso,neutral\n';
    expect(() => readLabels(bytes(text), 'l.csv', false)).toThrow(
      "l.csv:2: text: expected a closing quote, got the file's end 2 lines on",
    );
  });

  test('readLabels counts and lists malformed rows where it is told to leave them out', () => {
    const { rows, skipped } = readLabels(bytes(`${good}angry,,x\n`), 'l.csv', true);
    expect(rows).toHaveLength(2);
    expect(skipped.map(({ line, field }) => [line, field])).toEqual([[4, 'label']]);
  });
});

describe('readLabels of rows that repeat or contradict one another', () => {
  const row = (text: string, label: string) => `${JSON.stringify({ text, label })}\n`;

  test('readLabels gives texts in composed form', () => {
    const { rows } = readLabels(bytes(row(' cafe\u0301', 'neutral')), 'l.jsonl', false);
    expect(rows).toEqual([{ text: 'caf\u00e9', label: 'neutral' }]);
  });

  test('readLabels keeps the first of rows with the same text and label, and lists the lines of the others', () => {
    const file = `${row('a', 'negative')}\n${row('caf\u00e9', 'positive')}${row(' a ', 'negative')}${row('cafe\u0301', 'positive')}`;
    const { rows, repeated } = readLabels(bytes(file), 'l.jsonl', false);
    expect(rows.map(({ text }) => text)).toEqual(['a', 'caf\u00e9']);
    expect(repeated).toEqual([4, 5]);
    expect(
      readLabels(bytes('text,label\n"a\nb",neutral\nc,neutral\n"a\nb",neutral\n'), 'l.csv', false).repeated,
    ).toEqual([5]);
  });

  test.each([false, true])('readLabels refuses two labels of one text (skipBadRows: %s)', (skipBadRows) => {
    const file = row('a', 'negative') + row('b', 'neutral') + row('a', 'positive');
    const read = (text: string) => () => readLabels(bytes(text), 'l.jsonl', skipBadRows);
    expect(read(file)).toThrow(DataFileError);
    expect(read(file)).toThrow(
      /^l\.jsonl:3: label: expected one label a sentence, got "positive" here and "negative" on line 1 for "a"; keep the right one of these rows$/,
    );
    expect(read(file + row('b', 'positive') + row('b', 'negative'))).toThrow(
      /keep the right one of these rows; 2 further rows contradict an earlier one: lines 4, 5$/,
    );
  });
});

describe('formatLabels', () => {
  test('formatLabels gives the same bytes for the same rows in either form', () => {
    const json = '{"text":"Nurses, they say","label":"negative"}\n{"text":"fine work","label":"positive"}\n';
    expect(formatLabels(readLabels(bytes(good), 'l.csv', false).rows, 'l.csv').toString()).toBe(json);
  });

  test('formatLabels wants sentences of both poles', () => {
    expect(() => formatLabels([{ text: 'a', label: 'negative' }], 'l.csv')).toThrow(DataFileError);
  });
});

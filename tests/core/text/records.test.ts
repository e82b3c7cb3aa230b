import { describe, expect, it } from 'vitest';

import {
  cleanRecordSchema,
  formatRecords,
  parseRecords,
  rawRecordSchema,
  visible,
} from '../../../core/text/records.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('parseRecords', () => {
  it('parseRecords reads what formatRecords wrote', () => {
    const records = [
      { id: '1', source: 'news', text: '한 줄\n두 줄 "따옴표"', keywords: ['집'] },
      { id: '2', source: 'cafe', text: '', date: '2020-01-01', keywords: [] },
    ];
    expect(parseRecords(formatRecords(records), cleanRecordSchema, 'x.jsonl')).toEqual(records);
  });

  it('parseRecords fills what an imported line leaves out', () => {
    expect(parseRecords(bytes('\n{"id":"1","source":"mine","text":"집"}\r\n\n'), rawRecordSchema, 'x.jsonl')).toEqual([
      { id: '1', source: 'mine', text: '집', article: '', kind: 'post', status: visible },
    ]);
  });

  it.each([
    ['{"id":"1","source":"a","text":"b"}\n{oops', /texts.jsonl:2: .*JSON/],
    ['{"id":"1","source":"a"}', /texts.jsonl:1: .*text/],
    ['[]', /texts.jsonl:1: /],
  ])('parseRecords names file and line: %s', (text, message) => {
    expect(() => parseRecords(bytes(text), rawRecordSchema, 'texts.jsonl')).toThrow(message);
  });
});

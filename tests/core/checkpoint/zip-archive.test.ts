import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readZip, ZipFormatError } from '../../../core/checkpoint/zip-archive.js';
import { writeZip } from './pytorch/write-zip.js';

const text = Buffer.from('some bytes');
const valid = writeZip([
  { name: 'a', data: text },
  { name: 'folder/b', data: Buffer.from([1]) },
]);

describe('readZip', () => {
  test('readZip gives every stored entry as a view', () => {
    const files = readZip(valid);
    expect([...files.keys()]).toEqual(['a', 'folder/b']);
    expect(Buffer.from(files.get('a') ?? []).toString()).toBe('some bytes');
    expect(files.get('a')?.buffer).toBe(valid.buffer);
  });

  const zeros = Buffer.alloc(10 * 2 ** 20);
  const hostile: Record<string, [Uint8Array, RegExp]> = {
    'a compressed entry, such as a bomb': [
      writeZip([{ name: 'bomb', data: deflateRawSync(zeros), method: 8 }]),
      /bomb: expected a stored entry/,
    ],
    'entries that share their bytes': [
      writeZip([
        { name: 'a', data: text },
        { name: 'b', data: text, headerAt: 0 },
      ]),
      /begins at 41 or later, got 0/,
    ],
    'a name twice': [
      writeZip([
        { name: 'a', data: text },
        { name: 'a', data: text },
      ]),
      /each name once/,
    ],
    'a size beyond the archive': [writeZip([{ name: 'a', data: text, sizeBytes: 1e9 }]), /1000000000 bytes at/],
    'a damaged entry': [Buffer.from(valid).fill(0, 32, 34), /CRC-32/],
    'an end cut off': [valid.subarray(0, -10), /a zip archive/],
    'a beginning cut off': [valid.subarray(10), /directory entry 0/],
    'other bytes': [text, /a zip archive/],
  };
  for (const [what, [bytes, message]] of Object.entries(hostile)) {
    test(`readZip refuses ${what}`, () => {
      expect(() => readZip(bytes)).toThrow(ZipFormatError);
      expect(() => readZip(bytes)).toThrow(message);
    });
  }
});

import { describe, expect, it } from 'vitest';
import { assert, constantFrom, property, string } from 'fast-check';
import { blobKey, checkKey, checkPrefix, InvalidKeyError } from '../../../core/checkpoint/store.js';

describe('checkKey', () => {
  it.each(['stages/ab12/result.json', 'runs/r-42.1/summary.json', 'a'])('checkKey takes %s', (key) => {
    expect(checkKey(key)).toBe(key);
  });

  it.each([
    '',
    '/',
    '/etc/passwd',
    '../x',
    'a/../b',
    'a//b',
    'a/',
    '.hidden',
    'a/.tmp',
    'A/b',
    'a b',
    'a\0b',
    'a\\b',
    '%2e%2e/a',
    'a/'.repeat(300),
    'blobs/sha256/x',
    'é',
  ])('checkKey refuses %j', (key) => {
    expect(() => checkKey(key)).toThrow(InvalidKeyError);
  });

  it('checkKey lets no string through that could leave the root of a folder', () => {
    const odd = string({ unit: constantFrom('a', '.', '/', '\\', '\0', '%', '2', 'e', 'A', '-') });
    const isSafeOrRefused = (key: string): boolean => {
      try {
        return checkKey(key)
          .split('/')
          .every((segment) => /^[a-z0-9][^/\\\0%A]*$/.test(segment));
      } catch (error) {
        return error instanceof InvalidKeyError;
      }
    };
    expect(() => assert(property(odd, isSafeOrRefused), { numRuns: 5000 })).not.toThrow();
  });

  it('checkPrefix takes the empty prefix and whole segments only', () => {
    expect([checkPrefix(''), checkPrefix('stages/')]).toEqual(['', 'stages/']);
    expect(() => checkPrefix('stages')).toThrow(InvalidKeyError);
    expect(() => checkPrefix('../')).toThrow(InvalidKeyError);
  });

  it('blobKey refuses what is no digest', () => {
    expect(() => blobKey({ sha256: '../../etc/passwd', sizeBytes: 1 })).toThrow(InvalidKeyError);
  });
});

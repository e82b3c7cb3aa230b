import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSafetensors, SafetensorsFormatError, writeSafetensors } from '../../../core/checkpoint/safetensors.js';
import { hostTensor } from '../../../core/tensor.js';

function file(header: string | object, bodyBytes: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + bodyBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (dtype: string, shape: unknown, begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('readSafetensors', () => {
  test('readSafetensors and writeSafetensors give back what Transformers wrote', async () => {
    const original = await readFile(new URL('../../goldens/gpt2/model.safetensors', import.meta.url));
    const first = readSafetensors(original);
    expect(first.metadata).toEqual({ format: 'pt' });
    expect(first.tensors['transformer.wte.weight']?.shape).toEqual([96, 32]);
    const again = writeSafetensors(first.tensors, { metadata: first.metadata });
    expect(Buffer.from(again).equals(original)).toBe(true);
  });

  test('readSafetensors reads every dtype', () => {
    const tensors = {
      float: hostTensor('float32', [2, 2], Float32Array.of(1, -2.5, 3e-9, Infinity)),
      long: hostTensor('int64', [2], BigInt64Array.of(-5n, 2n ** 60n)),
      int: hostTensor('int32', [1, 3], Int32Array.of(1, -2, 3)),
      flags: hostTensor('bool', [3], Uint8Array.of(1, 0, 1)),
      scalar: hostTensor('float32', [], Float32Array.of(7)),
      empty: hostTensor('float32', [0, 4], new Float32Array(0)),
    };
    expect({ ...readSafetensors(writeSafetensors(tensors)).tensors }).toEqual(tensors);
  });

  test('readSafetensors rounds F64', () => {
    const bytes = file({ a: entry('F64', [2], 0, 16) }, 16);
    const view = new DataView(bytes.buffer);
    [1 / 3, -1e300].forEach((value, i) => view.setFloat64(bytes.length - 16 + 8 * i, value, true));
    expect([...readSafetensors(bytes).tensors['a']!.data]).toEqual([Math.fround(1 / 3), -Infinity]);
  });

  test('readSafetensors reads bytes and shorts as int32', () => {
    const bytes = file({ a: entry('I16', [2], 0, 4), b: entry('I8', [2], 4, 6), c: entry('U8', [2], 6, 8) }, 8);
    bytes.set([0x00, 0x80, 0xff, 0x7f, 0x80, 0x7f, 0x80, 0x7f], bytes.length - 8);
    const { tensors } = readSafetensors(bytes);
    expect(tensors['a']).toEqual(hostTensor('int32', [2], Int32Array.of(-32768, 32767)));
    expect(tensors['b']).toEqual(hostTensor('int32', [2], Int32Array.of(-128, 127)));
    expect(tensors['c']).toEqual(hostTensor('int32', [2], Int32Array.of(128, 127)));
  });

  test('readSafetensors takes a long text of metadata as it stands', () => {
    const notes = `${'x'.repeat(2e7)}\\"`;
    expect(readSafetensors(file({ __metadata__: { notes } }, 0)).metadata['notes']).toBe(notes);
  });

  test('readSafetensors widens F16 and BF16, writeSafetensors rounds to F16', () => {
    const bytes = file({ a: entry('BF16', [2], 0, 4), b: entry('F16', [3], 4, 10) }, 10);
    bytes.set([0x80, 0x3f, 0x00, 0xc0, 0x00, 0x3c, 0x01, 0x00, 0xff, 0x7b], bytes.length - 10);
    const { tensors } = readSafetensors(bytes);
    expect([...tensors['a']!.data]).toEqual([1, -2]);
    expect([...tensors['b']!.data]).toEqual([1, 2 ** -24, 65504]);
    const values = Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, 2 ** -25, 3 * 2 ** -26, -0, -1e-5);
    const halves = readSafetensors(writeSafetensors({ x: hostTensor('float32', [8], values) }, { floats: 'F16' }))
      .tensors['x'];
    expect([...halves!.data]).toEqual([1, 1 + 2 ** -9, 65504, Infinity, 0, 2 ** -24, -0, -168 * 2 ** -24]);
  });

  test('writeSafetensors gives the same bytes whatever the order of the names', () => {
    const a = hostTensor('float32', [1], Float32Array.of(1));
    const b = hostTensor('int64', [1], BigInt64Array.of(2n));
    expect(writeSafetensors({ a, b })).toEqual(writeSafetensors({ b, a }));
  });

  const tower = '['.repeat(5000) + ']'.repeat(5000);
  const hostile: Record<string, [Uint8Array, RegExp]> = {
    'a short file': [new Uint8Array(7), /at least 8 bytes/],
    'a header length of 2^63': [Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 1), /header length/],
    'text that is not JSON': [file('{"a":', 0), /JSON/],
    'bytes that are not UTF-8': [Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe), /UTF-8/],
    'an array': [file('[]', 0), /an object/],
    'leading space': [file(' {}', 0), /an object/],
    'a hole': [file({ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 8, 12) }, 12), /b: expected data to begin at 4/],
    'an overlap': [file({ a: entry('F32', [2], 0, 8), b: entry('F32', [1], 4, 8) }, 8), /begin at 8/],
    'data left over': [file({ a: entry('F32', [1], 0, 4) }, 8), /expected 4 bytes of data, got 8/],
    'data cut off': [file({ a: entry('F32', [4], 0, 16) }, 8), /expected 16 bytes of data, got 8/],
    'a key twice': [
      file(
        '{"a":{"dtype":"I32","shape":[],"data_offsets":[0,4]},"\\u0061":{"dtype":"I32","shape":[],"data_offsets":[4,8]}}',
        8,
      ),
      /twice/,
    ],
    'an inner key twice': [file('{"a":{"dtype":"I32","dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4), /twice/],
    'the name __proto__': [file('{"__proto__":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}', 4), /__proto__/],
    'a shape that overflows': [file({ a: entry('F32', [2 ** 40, 2 ** 40], 0, 4) }, 4), /2\^53/],
    'an overflow hidden by a zero': [file({ a: entry('F32', [2 ** 40, 2 ** 40, 0], 0, 0) }, 0), /2\^53/],
    'a negative dimension': [file({ a: entry('F32', [-1], 0, 4) }, 4), /whole numbers/],
    'a fractional dimension': [file({ a: entry('F32', [0.5], 0, 2) }, 2), /whole numbers/],
    'the wrong size': [file({ a: entry('F32', [2], 0, 4) }, 4), /8 bytes/],
    'offsets reversed': [file({ a: entry('F32', [1], 4, 0) }, 4), /4 bytes/],
    'an unknown dtype': [file({ a: entry('F8', [1], 0, 1) }, 1), /a dtype of/],
    'a dtype from the prototype': [file({ a: entry('toString', [1], 0, 1) }, 1), /a dtype of/],
    'an unknown key': [file({ a: { ...entry('I32', [1], 0, 4), extra: 1 } }, 4), /extra/],
    'a key twice behind escapes': [
      file(String.raw`{"__metadata__":{"\\":"{\"a\":","a\"":"","a\u0022":""}}`, 0),
      /"a\\"" twice/,
    ],
    'an entry of 5,000 levels': [file(`{"a":${tower}}`, 0), /header: expected at most 64 levels/],
    'a shape of 5,000 levels': [file(`{"a":{"dtype":"F32","shape":${tower},"data_offsets":[0,4]}}`, 4), /64 levels/],
    'metadata of 5,000 levels': [
      file(`{"__metadata__":{"a":${tower.replaceAll('[', '{"":').replaceAll(']', '}').replace(':}', ':0}')}}}`, 0),
      /64 levels/,
    ],
    'metadata that is no string': [file({ __metadata__: { a: 1 } }, 0), /a string/],
    'a bool of 2': [
      (() => {
        const f = file({ a: entry('BOOL', [1], 0, 1) }, 1);
        f[f.length - 1] = 2;
        return f;
      })(),
      /0 or 1/,
    ],
  };
  for (const [what, [bytes, message]] of Object.entries(hostile)) {
    test(`readSafetensors refuses ${what}`, () => {
      expect(() => readSafetensors(bytes)).toThrow(SafetensorsFormatError);
      expect(() => readSafetensors(bytes)).toThrow(message);
    });
  }

  test('readSafetensors throws nothing but its own error on mutated files', () => {
    const valid = writeSafetensors({
      a: hostTensor('float32', [2, 3], new Float32Array(6)),
      b: hostTensor('bool', [2], Uint8Array.of(1, 0)),
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(valid.length),
        (edits, cut) => {
          const bytes = valid.slice(0, cut < 8 ? valid.length - cut : valid.length);
          for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
          expect(errorOf(() => readSafetensors(bytes)) ?? new SafetensorsFormatError('', '', '')).toBeInstanceOf(
            SafetensorsFormatError,
          );
        },
      ),
      { numRuns: 2000, seed: 1 },
    );
  });
});

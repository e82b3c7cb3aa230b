import { describe, expect, it } from 'vitest';
import { canonicalJson, NotCanonicalError } from '../../../core/checkpoint/canonical-json.js';
import { sha256OfJson } from '../../../core/checkpoint/digest.js';

describe('canonicalJson', () => {
  it('canonicalJson writes the example of RFC 8785, section 3.2.2, as that section does', () => {
    const value: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    const expected =
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
      String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    expect(canonicalJson(value)).toBe(expected);
  });

  it('canonicalJson sorts keys by code unit and leaves undefined members out', () => {
    expect(canonicalJson({ b: 1, a: undefined, B: 2, 집: 3, aa: { z: 1, y: 2 } })).toBe(
      '{"B":2,"aa":{"y":2,"z":1},"b":1,"집":3}',
    );
  });

  it.each([
    [Number.NaN, '$'],
    [{ a: [1, Infinity] }, '$.a[1]'],
    [{ when: new Date(0) }, '$.when'],
    [[undefined], '$[0]'],
    [new Map(), '$'],
    [{ n: 1n }, '$.n'],
  ])('canonicalJson refuses %o and says where', (value, path) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ name: 'NotCanonicalError', path }));
    expect(() => canonicalJson(value)).toThrow(NotCanonicalError);
  });

  it('canonicalJson refuses what nests deeper than its bound, long before the stack is spent', () => {
    const tower = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect(canonicalJson(tower(64))).toBe('['.repeat(64) + ']'.repeat(64));
    expect(() => canonicalJson(tower(65))).toThrow(NotCanonicalError);
    expect(() => canonicalJson({ a: tower(100_000) })).toThrow(/at \$\.a(\[0\]){63}, got more than 64 levels/);
  });

  it('sha256OfJson does not depend on the order of keys, and equals what sha256sum says of the bytes', () => {
    expect(sha256OfJson({ b: 2, a: 1 })).toBe(sha256OfJson({ a: 1, b: 2 }));
    // printf '{"a":1,"b":2}' | sha256sum
    expect(sha256OfJson({ a: 1, b: 2 })).toBe('43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777');
  });
});

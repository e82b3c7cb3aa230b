import { describe, expect, test } from 'vitest';
import { ManifestDamagedError, openSealed, seal } from '../../../core/checkpoint/sealed-json.js';

describe('openSealed', () => {
  test('openSealed gives back what seal was given', () => {
    expect(openSealed('k', seal({ b: [1, null], a: undefined }))).toEqual({ b: [1, null] });
  });

  const tower = '['.repeat(5000) + ']'.repeat(5000);
  test.each([
    ['no JSON', '{', /no JSON of 1 bytes/],
    ['a list', '[]', /an object with sha256 and body/],
    ['another digest', '{"sha256":"0","body":{}}', /expected SHA-256 0/],
    ['5,000 levels', `{"sha256":"0","body":${tower}}`, /more than 64 levels/],
    ['a number beyond double precision', '{"sha256":"0","body":{"a":1e999}}', /at \$\.a, got Infinity/],
  ])('openSealed refuses %s', (_, text, message) => {
    const open = () => openSealed('k', Buffer.from(text));
    expect(open).toThrow(ManifestDamagedError);
    expect(open).toThrow(message);
  });
});

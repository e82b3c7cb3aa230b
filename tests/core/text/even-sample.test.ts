import { describe, expect, it } from 'vitest';
import { evenSample } from '../../../core/text/even-sample.js';

describe('evenSample', () => {
  it('evenSample takes texts at even distances', () => {
    const texts = Array.from({ length: 10 }, (_, i) => String(i));
    expect(evenSample(texts, 4)).toEqual(['0', '2', '5', '7']);
    expect(evenSample(texts, 20)).toEqual(texts);
  });
});

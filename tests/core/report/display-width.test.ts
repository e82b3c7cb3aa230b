import { describe, expect, it } from 'vitest';
import { displayWidth, pad } from '../../../core/report/display-width.js';

describe('displayWidth', () => {
  it('counts two columns for Hangul, Han, kana, full-width forms and emoji, one for the rest', () => {
    expect(displayWidth('아파트')).toBe(6);
    expect(displayWidth('漢字かな')).toBe(8);
    expect(displayWidth('ＡＢ')).toBe(4);
    expect(displayWidth('ｶﾅ')).toBe(2);
    expect(displayWidth('é–−x')).toBe(4);
    expect(displayWidth('🏠a')).toBe(3);
  });

  it('counts decomposed Hangul and combining marks as what they show', () => {
    expect(displayWidth('아파트'.normalize('NFD'))).toBe(6);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('a\u200bb')).toBe(2);
  });
});

describe('pad', () => {
  it('fills up to columns, not characters', () => {
    expect(pad('빌라', 6, 'right')).toBe('빌라  ');
    expect(pad('빌라', 6, 'left')).toBe('  빌라');
    expect(pad('빌라', 3, 'left')).toBe('빌라');
  });
});

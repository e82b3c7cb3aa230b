import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { normalizeText, stripMarkup } from '../../../core/text/normalize.js';

/** Any UTF-16 unit, halves of pairs among them. */
const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

describe('normalizeText', () => {
  it.each([
    ['한줄<br>두줄<br/>세줄', '한줄 두줄 세줄'],
    ['<p>가<b>나</b></p><p>다</p>', '가나 다'],
    ['가<script>alert(1)</script>나', '가나'],
    ['A &amp; B', 'A & B'],
    ['&quot;좋아요&quot; &#39;네&#39;', '"좋아요" \'네\''],
    ['그건 &amp;#x27;진짜&amp;#x27; 아님', "그건 '진짜' 아님"],
    ['&amp;lt;br&amp;gt;끝', '끝'],
    ['3 < 5 그리고 5 > 3', '3 < 5 그리고 5 > 3'],
    ['가격 <최고 <3', '가격 <최고 <3'],
    ['끝이 없는 <b 태그', '끝이 없는 <b 태그'],
    ['아\u200B파\u2060트\uFEFF', '아파트'],
    ['강남'.normalize('NFD'), '강남'],
    ['  여러   칸\t\n띄움 \u00A0\u3000끝 ', '여러 칸 띄움 끝'],
    ['제어\u0000문\u0007자', '제어 문 자'],
    ['짝 없는 \uD83D 대리', '짝 없는 대리'],
    ['ㅋㅋㅋㅋㅋㅋ 와!!!!!! 진짜~~~~', 'ㅋㅋㅋ 와!!! 진짜~~~'],
    ['😂😂😂😂😂', '😂😂😂'],
    ['Aaaaaargh, NoOoOOO', 'Aaargh, NoOo'],
    ['10000000원', '10000000원'],
    ['', ''],
  ])('normalizeText(%j) is %j', (text, expected) => {
    expect(normalizeText(text)).toBe(expected);
  });

  it('normalizeText cuts runs to the length asked for', () => {
    expect(normalizeText('ㅋㅋㅋㅋ', { maxRun: 2 })).toBe('ㅋㅋ');
  });

  it('normalizeText never fails, leaves one composed line, and is done after one pass of text without markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: codeUnit, maxLength: 60 }), (text) => {
        const once = normalizeText(text);
        expect(once).toBe(once.normalize('NFC').trim());
        expect(once).not.toMatch(/[\p{Cc}\u200b]| {2}/u);
        fc.pre(!/[&<]/.test(text));
        expect(normalizeText(once)).toBe(once);
      }),
    );
  });
});

describe('stripMarkup', () => {
  it('stripMarkup undoes any text that was escaped once or twice', () => {
    const escape = (text: string): string =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    const plain = fc.string({ unit: fc.constantFrom(...Array.from('가나다 a1"\'.')) });
    fc.assert(
      fc.property(plain, (text) => {
        expect(stripMarkup(escape(text))).toBe(text);
        expect(stripMarkup(escape(escape(text)))).toBe(text);
      }),
    );
  });
});

import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, trusted } from '../../../core/report/html.js';
import { HOSTILE } from './synthetic-input.js';

describe('escapeHtml', () => {
  it('gives back the same text through an HTML parser, as text and as an attribute', () => {
    for (const text of [...HOSTILE.slice(0, 3), `a & b &amp; "c" 'd' 한글`]) {
      const { document } = parseHTML(
        `<html><body><p title="${escapeHtml(text)}">${escapeHtml(text)}</p></body></html>`,
      );
      const paragraph = document.querySelector('p')!;
      expect(paragraph.textContent).toBe(text);
      expect(paragraph.getAttribute('title')).toBe(text);
      expect(paragraph.children).toHaveLength(0);
    }
  });

  it('replaces what HTML cannot hold and what turns the writing direction', () => {
    expect(escapeHtml('a\u0000b\u202ec\ud800d\n한\u{1f3e0}')).toBe('a\ufffdb\ufffdc\ufffdd\n한\u{1f3e0}');
  });
});

describe('html', () => {
  it('escapes values, keeps markup, joins lists, drops undefined and false', () => {
    const items = ['<a>', 'b'].map((text) => html`<li>${text}</li>`);
    const list = html`<ul>
        ${items}${undefined}${false}
      </ul>
      ${0}${trusted('<br>')}`;
    expect(list.text.replace(/\s*\n\s*/g, '')).toBe('<ul><li>&lt;a&gt;</li><li>b</li></ul>0<br>');
  });
});

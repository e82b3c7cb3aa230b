/** Columns that a text takes on a terminal, where Hangul, Han and kana take two. Knows no terminal. */

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * East-Asian wide and full-width blocks (Unicode Standard Annex 11), and emoji. Half-width forms (U+FF61 … U+FFDC) are
 * narrow and stand outside.
 */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

/** Columns of one line of text; decomposed Hangul counts as the syllable it shows. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (!ZERO.test(segment)) width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

/** Text filled up with spaces to `width` columns. */
export function pad(text: string, width: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return side === 'left' ? space + text : text + space;
}

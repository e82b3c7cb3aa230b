/** Columns that a text takes on a terminal, where Hangul, Han and kana take two. Knows no terminal. */

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * East-Asian wide and full-width blocks (Unicode Standard Annex 11), and emoji. Half-width forms (U+FF61 … U+FFDC) are
 * narrow and stand outside.
 */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

/** What a reader sees as one character each: decomposed Hangul is the syllable it shows. Those without a width are left out. */
export function graphemes(text: string): readonly string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment).filter((segment) => !ZERO.test(segment));
}

/** Whether a grapheme is as wide as it is high. */
export function isWide(grapheme: string): boolean {
  return WIDE.test(grapheme);
}

/** Columns of one line of text. */
export function displayWidth(text: string): number {
  return graphemes(text).reduce((width, grapheme) => width + (isWide(grapheme) ? 2 : 1), 0);
}

/** Text filled up with spaces to `width` columns. */
export function pad(text: string, width: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return side === 'left' ? space + text : text + space;
}

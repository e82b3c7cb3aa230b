/** How wide a text of a plot is at most: no font is at hand to measure, and the reader's is not known. Knows no plot. */
import { graphemes, isWide } from '../display-width.js';

/** Of the text of plots unless said otherwise, pixels. */
export const FONT_SIZE = 12;

const WIDE = 1;
const EMOJI = 1.35;
/** Of what no class below has: Arabic, Indic scripts, symbols. */
const UNKNOWN = 1.25;

/**
 * Widths in em by class of characters; of several classes the first counts. They are the largest advances in DejaVu Sans,
 * the widest of the sans-serif fonts that systems come with.
 */
const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/[ ijlI|'’‘ıІіЈјΙι.,·]/u, 0.35],
  [/[frt:;!()[\]/\\\-‐‑]/u, 0.42],
  [/[WM@%mÆæŒœ—…ЉЊЖШЩЮ]/u, 1.1],
  [/[wωшщжюљњыфФЪЫΜМĦ&+=<>~^#×÷]/u, 0.95],
  [/(?=\p{Lu})[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u, 0.8],
  [/[\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}ħ]/u, 0.72],
  [/[\p{Script=Latin}\p{Nd}"*“”{}_–?$€£]/u, 0.66],
  [/[\p{Script=Armenian}\p{Script=Georgian}]/u, 1.07],
];

const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const MARK = /\p{M}/gu;

/** An upper bound of the width of one line, pixels. */
export function textWidth(text: string, fontSize = FONT_SIZE): number {
  return fontSize * graphemes(text).reduce((sum, grapheme) => sum + emOf(grapheme), 0);
}

function emOf(grapheme: string): number {
  if (PICTURE.test(grapheme)) return EMOJI;
  if (isWide(grapheme)) return WIDE;
  // Accents stand above their letters; ligatures are as wide as their letters.
  const letters = [...grapheme.normalize('NFKD').replace(MARK, '')];
  return letters.reduce((sum, letter) => sum + (CLASSES.find(([members]) => members.test(letter))?.[1] ?? UNKNOWN), 0);
}

export function widest(texts: readonly string[], fontSize = FONT_SIZE): number {
  return Math.max(0, ...texts.map((text) => textWidth(text, fontSize)));
}

/** The text, or as much of its beginning as fits with an ellipsis behind it. */
export function shortened(text: string, room: number, fontSize = FONT_SIZE): string {
  if (textWidth(text, fontSize) <= room) return text;
  const kept = [...graphemes(text)];
  while (kept.length > 1 && textWidth(`${kept.join('')}…`, fontSize) > room) kept.pop();
  return `${kept.join('').trimEnd()}…`;
}

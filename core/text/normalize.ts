/** Makes web text plain: tags, entities, Unicode forms, invisible characters, blanks, long runs. Knows no language. */

import { load } from 'cheerio';

export interface NormalizeSettings {
  /** A character other than a digit that repeats more often is cut to so many; 3 unless told. */
  readonly maxRun?: number;
}

/** Entities may be escaped twice, by the editor and by the service. */
const MAX_DECODINGS = 3;

/** `<` that opens no tag is text: a < b, <3, <최고. */
const LONE_ANGLE = /<(?!\/?[a-zA-Z][^<>]*>|!--)/g;
const BREAKS = /<\/?(?:br|p|div|li|tr|h\d|blockquote)\b[^<>]*>/gi;
const HIDDEN_ELEMENTS = 'script, style, noscript, iframe';
const MARKUP = /&(?:#\d+|#x[\da-f]+|[a-z]\w*);|<(?:\/?[a-z]|!--)/i;

function decodeOnce(text: string): string {
  const $ = load(text.replace(LONE_ANGLE, '&lt;').replace(BREAKS, ' '), null, false);
  $(HIDDEN_ELEMENTS).remove();
  return $.root().text();
}

/** Text without tags and entities. */
export function stripMarkup(text: string): string {
  let plain = text;
  for (let i = 0; i < MAX_DECODINGS && MARKUP.test(plain); i++) plain = decodeOnce(plain);
  return plain;
}

/** Zero-width, bidirectional and filler characters, soft hyphens, variation selectors. */
const INVISIBLE = /[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFFC\uFFFD]/gu;
/** Lone surrogates, private use, unassigned noncharacters. */
const UNWRITABLE = /[\p{Cs}\p{Co}\uFFFE\uFFFF]/gu;
/** Control characters count as blanks, as tabs and line feeds do. */
const BLANKS = /[\p{Z}\p{Cc}]+/gu;

function capRuns(text: string, maxRun: number): string {
  return text.replace(/([^\d\s])\1+/gu, (run: string, character: string) =>
    run.length > character.length * maxRun ? character.repeat(maxRun) : run,
  );
}

/**
 * One line of plain text in Unicode's composed form (NFC).
 * Applying it twice gives what applying it once gave, but for text that describes markup.
 */
export function normalizeText(text: string, { maxRun = 3 }: NormalizeSettings = {}): string {
  const visible = stripMarkup(text).replace(INVISIBLE, '').replace(UNWRITABLE, '');
  return capRuns(visible.normalize('NFC').replace(BLANKS, ' ').trim(), maxRun);
}
